import type { RequestHandler } from 'express';
import type { AppDeps } from '../../app-deps.js';
import { jobObject } from './job-object.js';
import { jobRefOf, unknownJob } from './job-ref.js';

/** `POST /audio/jobs/{id}/cancel`: answers when nothing works on the job any more. Throws `job_finished`. */
export function cancelJob(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const ref = jobRefOf(request);
    response.json(jobObject((await deps.jobs.cancel(ref)) ?? unknownJob(ref), deps));
  };
}

/** `DELETE /audio/jobs/{id}`: cancels the job if need be; nothing of it is left then. */
export function deleteJob(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const ref = jobRefOf(request);
    if (!(await deps.jobs.remove(ref))) unknownJob(ref);
    response.json({ id: ref.id, object: 'transcription.job', deleted: true });
  };
}
