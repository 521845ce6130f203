import type { RequestContext } from './request-context.js';

/** How long a transcription was in each phase that it came to, in whole milliseconds. */
export type PhaseTimes = {
  readonly receivingMs?: number;
  readonly waitingMs?: number;
  readonly workingMs?: number;
};

/**
 * Where the time of a request went until `nowMs` (of `performance.now()`): receiving its upload, waiting for its turn,
 * working. Empty for a request that is no transcription or was refused before its upload was read.
 */
export function phaseTimes(
  { startedMs, phases }: Pick<RequestContext, 'startedMs' | 'phases'>,
  nowMs: number,
): PhaseTimes {
  if (phases === undefined) return {};
  const { queuedMs, turnMs, doneMs = nowMs } = phases;
  const receivingMs = Math.round((queuedMs ?? nowMs) - startedMs);
  if (queuedMs === undefined) return { receivingMs };
  const waitingMs = Math.round((turnMs ?? doneMs) - queuedMs);
  if (turnMs === undefined) return { receivingMs, waitingMs };
  return { receivingMs, waitingMs, workingMs: Math.round(doneMs - turnMs) };
}
