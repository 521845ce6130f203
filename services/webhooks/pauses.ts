const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** After the first failed attempt, the second one and so on; after the last of them it is given up. */
export const DEFAULT_PAUSES_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  24 * HOUR_MS,
];

/** A receiver that was away is not to be told everything in the same moment. */
const JITTER = 0.2;
/** What a receiver may ask for at most. */
const MAX_RETRY_AFTER_MS = 24 * HOUR_MS;

/** Whole milliseconds to wait after a failed attempt (1, 2, 3 …); undefined: no more. */
export function pauseAfter(options: {
  readonly attempt: number;
  readonly pausesMs: readonly number[];
  readonly retryAfterMs: number | undefined;
}): number | undefined {
  const { attempt, pausesMs, retryAfterMs = 0 } = options;
  const pauseMs = pausesMs[attempt - 1];
  if (pauseMs === undefined) return undefined;
  const wishMs = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
  return Math.ceil(Math.max(pauseMs, wishMs) * (1 + JITTER * Math.random()));
}

/** No attempt is further away than this: what seems to be was planned before the clock was set back. */
export function longestPause(pausesMs: readonly number[]): number {
  return Math.max(MAX_RETRY_AFTER_MS, ...pausesMs) * (1 + JITTER);
}
