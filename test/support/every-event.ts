import { createMetrics } from '#src/metrics/metrics.js';

/** A page on which everything has happened that is counted when it does. */
export async function everyEvent(): Promise<string> {
  const metrics = createMetrics({ version: '' });
  const engine = { role: 'speech', model: '' };
  metrics.requestEnded({ method: '', route: '', status: 0, errorKey: '', seconds: 0 });
  metrics.transcribed({ model: '', audioSeconds: 1, workSeconds: 1, speakers: true });
  metrics.engineEvent({ ...engine, type: 'loaded', loadMs: 1 });
  metrics.engineEvent({ ...engine, type: 'start-failed' });
  metrics.engineEvent({ ...engine, type: 'lost', reason: 'silent' });
  metrics.engineEvent({ ...engine, type: 'recycled' });
  metrics.engineEvent({ ...engine, type: 'unloaded' });
  const ended = { createdAt: 0, startedAt: 1, endedAt: 2 };
  const error = { key: 'engine_failed', params: {} } as const;
  metrics.workEvent({ type: 'ended', job: { ...ended, status: 'failed', error } });
  metrics.realtimeEvent({ type: 'error', key: 'engine_failed' });
  return metrics.render();
}
