import { Router } from 'express';
import type { AppDeps } from '../../app-deps.js';
import { methodNotAllowed } from '../../middleware/unmatched.js';
import { cancelJob, deleteJob } from './change-job.js';
import { createBatch } from './create-batch.js';
import { createJob } from './create-job.js';
import { jobEvents } from './job-events.js';
import { jobObject } from './job-object.js';
import { jobOf } from './job-ref.js';
import { jobResult } from './job-result.js';
import { jobTranscript } from './job-transcript.js';
import { listJobs } from './list-jobs.js';
import { readBatch } from './read-batch.js';

/** `/audio/jobs`: recordings that nobody waits for with an open connection. */
export function jobRoutes(deps: AppDeps): Router {
  const router = Router();
  router
    .route('/audio/jobs')
    .get(listJobs(deps))
    .post(createJob(deps))
    .all(methodNotAllowed(['GET', 'POST']));
  // Before those with an id, which it would be taken for.
  router
    .route('/audio/jobs/batch')
    .post(createBatch(deps))
    .all(methodNotAllowed(['POST']));
  router
    .route('/audio/jobs/batch/:id')
    .get(readBatch(deps))
    .all(methodNotAllowed(['GET']));
  router
    .route('/audio/jobs/:id')
    .get(async (request, response) => {
      response.json(jobObject(await jobOf(request, deps), deps));
    })
    .delete(deleteJob(deps))
    .all(methodNotAllowed(['GET', 'DELETE']));
  router
    .route('/audio/jobs/:id/result')
    .get(jobResult(deps))
    .all(methodNotAllowed(['GET']));
  router
    .route('/audio/jobs/:id/transcript')
    .get(jobTranscript(deps))
    .all(methodNotAllowed(['GET']));
  router
    .route('/audio/jobs/:id/events')
    .get(jobEvents(deps))
    .all(methodNotAllowed(['GET']));
  router
    .route('/audio/jobs/:id/cancel')
    .post(cancelJob(deps))
    .all(methodNotAllowed(['POST']));
  return router;
}
