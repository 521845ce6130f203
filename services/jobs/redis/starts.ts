import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { JobGoneError } from './job-gone-error.js';

/**
 * Starts of one piece of work, without the job getting any further, before it is given up: each time the process that
 * worked on it ended, whatever the reason was.
 */
const MAX_STARTS = 20;

/** Throws JobGoneError where the job has ended, and `job_abandoned` when it was tried often enough. */
export function checkStarts(starts: number | undefined): void {
  if (starts === undefined) throw new JobGoneError();
  if (starts > MAX_STARTS) throw new WhosaidError('job_abandoned', { count: starts - 1 });
}
