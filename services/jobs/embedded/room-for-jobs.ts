import { WhosaidError } from '#utils/errors/whosaid-error.js';

export type JobLimits = {
  /** Jobs that may wait or be in work. */
  readonly maxJobs: number;
  /** Bytes that their recordings may take together. */
  readonly maxBytes: number;
};

/** Jobs end at any moment, but long ones take long. */
const RETRY_SECONDS = 60;

/** Throws `jobs_full` when another job, with a recording of so many bytes, is one too many. */
export function checkRoom(
  { maxJobs, maxBytes }: JobLimits,
  open: { readonly pending: number; readonly processing: number; readonly bytes: number },
  bytes: number,
): void {
  const seconds = RETRY_SECONDS;
  const used = open.pending + open.processing;
  if (used >= maxJobs)
    throw new WhosaidError('jobs_full', { used, limit: maxJobs, what: 'jobs', seconds });
  if (open.bytes + bytes > maxBytes)
    throw new WhosaidError('jobs_full', {
      used: open.bytes + bytes,
      limit: maxBytes,
      what: 'bytes of recordings',
      seconds,
    });
}
