import { Counter, Histogram, type Registry } from 'prom-client';
import type { ErrorKey } from '#utils/errors/catalogue.js';

/** Why a realtime session ended. */
export const SESSION_ENDS = [
  /** Its client closed it. */
  'client',
  /** Its client was no longer there. */
  'lost',
  /** Its client did not read what it was sent. */
  'slow',
  'expired',
  'idle',
  /** The server was told to stop. */
  'stopping',
  'failed',
] as const;
export type SessionEnd = (typeof SESSION_ENDS)[number];

export type RealtimeEvent =
  | { readonly type: 'ended'; readonly reason: SessionEnd }
  | { readonly type: 'heard'; readonly seconds: number }
  /** `delaySeconds`: since the last sound of the utterance came. */
  | { readonly type: 'completed'; readonly delaySeconds: number }
  /** An error that a client was told, about what it sent or about an utterance. */
  | { readonly type: 'error'; readonly key: ErrorKey };

/** People notice a second. */
const DELAY_BUCKETS = [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 30];

/** What happens in realtime sessions. */
export function realtimeEventMetrics(registry: Registry) {
  const registers = [registry];
  const ends = new Counter({
    name: 'whosaid_realtime_sessions_ended_total',
    help: 'Realtime sessions that have ended: by their client, lost (it was no longer there), slow (it did not read), expired, idle, stopping (the server), failed.',
    labelNames: ['reason'],
    registers,
  });
  const heard = new Counter({
    name: 'whosaid_realtime_audio_seconds_total',
    help: 'Seconds of sound that realtime sessions brought.',
    registers,
  });
  const delays = new Histogram({
    name: 'whosaid_realtime_delay_seconds',
    help: 'Time from the last sound of an utterance, the silence that ended it included, to its completed event.',
    buckets: DELAY_BUCKETS,
    registers,
  });
  const errors = new Counter({
    name: 'whosaid_realtime_errors_total',
    help: 'Errors told in realtime sessions, by the key of docs/errors.md; utterances that failed among them.',
    labelNames: ['error'],
    registers,
  });
  for (const reason of SESSION_ENDS) ends.inc({ reason }, 0);
  return {
    realtimeEvent(event: RealtimeEvent): void {
      if (event.type === 'ended') ends.inc({ reason: event.reason });
      if (event.type === 'heard') heard.inc(event.seconds);
      if (event.type === 'completed') delays.observe(event.delaySeconds);
      if (event.type === 'error') errors.inc({ error: event.key });
    },
  };
}
