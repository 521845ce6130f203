import type { RequestHandler } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../../app-deps.js';
import { shown } from '../field-readers.js';
import { batchObject } from './batch-object.js';
import { MAX_BATCH_FILES } from './create-batch.js';
import { jobRefOf } from './job-ref.js';

/** `GET /audio/jobs/batch/{id}`: how far the jobs of a batch are together. Throws `batch_unknown`. */
export function readBatch(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const { id, owner } = jobRefOf(request);
    // All at once: a job may be deleted between two pages.
    const query = { owner, batchId: id, limit: MAX_BATCH_FILES, order: 'asc' } as const;
    const { jobs } = await deps.jobs.list(query);
    if (jobs.length === 0) throw new WhosaidError('batch_unknown', { id: shown(id) });
    response.json(batchObject(id, jobs));
  };
}
