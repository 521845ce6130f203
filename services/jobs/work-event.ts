import type { Job } from './types.js';

/** A job that has its final status, and when it got there. */
export type EndedJob = Pick<Job, 'status' | 'createdAt' | 'startedAt' | 'endedAt' | 'error'>;

/**
 * What happens in the work on jobs, for metrics. Of many machines, the one that has done it tells it, and no other: sums
 * over all of them are true.
 */
export type WorkEvent =
  | { readonly type: 'ended'; readonly job: EndedJob }
  /** What comes of a chunk was stored. */
  | { readonly type: 'chunk' }
  /** A piece of work is begun anew. */
  | { readonly type: 'retried'; readonly reason: RetryReason };

export const RETRY_REASONS = ['error', 'stalled', 'files'] as const;

/**
 * `error`: one that may pass; `stalled`: nothing was heard any more of the machine that had it; `files`: what all machines
 * share could not be reached.
 */
export type RetryReason = (typeof RETRY_REASONS)[number];
