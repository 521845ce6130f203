import type { Request } from 'express';
import { checkRoom } from '#services/jobs/embedded/room-for-jobs.js';
import type { AppDeps } from '../../app-deps.js';
import { idempotencyKeyOf } from './idempotency.js';

/**
 * Refuses a job before its recording is sent, where there are so many that it would be refused afterwards. One with an
 * idempotency key may be there already. Rejects with `jobs_full`.
 */
export async function refuseWhenFull(
  request: Request,
  { jobs, settings }: Pick<AppDeps, 'jobs' | 'settings'>,
): Promise<void> {
  if (idempotencyKeyOf(request) !== undefined) return;
  const { maxJobs, maxJobBytes: maxBytes } = settings;
  // Whether there is room for its bytes is seen when room is reserved for the upload.
  checkRoom({ maxJobs, maxBytes }, { ...(await jobs.counts()), bytes: 0 }, 0);
}
