import type { Request } from 'express';
import type { Job, JobRef } from '#services/jobs/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../../app-deps.js';
import { ownerOf } from '../../middleware/owner-of.js';
import { shown } from '../field-readers.js';

/** Which job a request is about, for the key that it was sent with. */
export function jobRefOf(request: Request): JobRef {
  return { id: String(request.params.id ?? ''), owner: ownerOf(request) };
}

/** The job that a request is about. Throws `job_unknown`, also for one of somebody else. */
export async function jobOf(request: Request, { jobs }: Pick<AppDeps, 'jobs'>): Promise<Job> {
  const ref = jobRefOf(request);
  return (await jobs.get(ref)) ?? unknownJob(ref);
}

export function unknownJob({ id }: Pick<JobRef, 'id'>): never {
  throw new WhosaidError('job_unknown', { id: shown(id) });
}
