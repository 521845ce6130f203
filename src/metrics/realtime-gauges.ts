import type { Registry } from 'prom-client';
import { addGauge } from './add-gauge.js';
import type { MetricSources } from './sources.js';

/** How many realtime sessions are open, and how many may be. */
export function addRealtimeGauges(registry: Registry, { realtime }: MetricSources): void {
  if (realtime === undefined) return;
  const { open, limit } = realtime.state();
  addGauge(registry, {
    name: 'whosaid_realtime_sessions',
    help: 'Realtime sessions that are open.',
    samples: [{ value: open }],
  });
  addGauge(registry, {
    name: 'whosaid_realtime_sessions_limit',
    help: 'How many may be (MAX_REALTIME_SESSIONS).',
    samples: [{ value: limit }],
  });
}
