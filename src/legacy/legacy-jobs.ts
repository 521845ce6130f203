import type { RequestHandler } from 'express';
import type { Job } from '#services/jobs/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { bodyWithDetail } from '../adapters/dialect-errors.js';
import type { AppDeps } from '../app-deps.js';
import { receiveJob } from '../routes/jobs/create-job.js';
import { jobOf, jobRefOf, unknownJob } from '../routes/jobs/job-ref.js';
import { finishedTranscript } from '../routes/jobs/job-result.js';
import { asTranscriptionFields } from './legacy-fields.js';
import { dateTime, legacyResult } from './legacy-output.js';

/** `POST /transcribe/async`. */
export function startLegacyJob(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const { job } = await receiveJob({
      deps,
      request,
      response,
      translate: (fields) => asTranscriptionFields(fields, deps),
    });
    response.json({
      job_id: job.id,
      status: job.status,
      message: `Transcription job started for ${job.fileName}`,
    });
  };
}

/** `GET /jobs/{id}/status`. */
export function legacyStatus(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const job = await jobOf(request, deps);
    const { id, status, fileName, createdAt, endedAt } = job;
    const result =
      status === 'completed' ? legacyResult(job, await finishedTranscript(job, deps)) : null;
    response.json({
      job_id: id,
      status,
      filename: fileName,
      created_at: dateTime(createdAt),
      completed_at: endedAt === undefined ? null : dateTime(endedAt),
      error: job.error === undefined ? null : failureOf(job).message,
      result,
    });
  };
}

/** `GET /jobs/{id}/result`: a job that failed is a 500, whatever it failed for. */
export function legacyJobResult(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const job = await jobOf(request, deps);
    if (job.status === 'failed') {
      // The same answer comes however often one asks.
      response.setHeader('x-should-retry', 'false');
      response.status(500).json(bodyWithDetail(failureOf(job)));
      return;
    }
    response.json(legacyResult(job, await finishedTranscript(job, deps)));
  };
}

/** `POST /jobs/{id}/cancel`. */
export function cancelLegacyJob(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const ref = jobRefOf(request);
    const job = (await deps.jobs.cancel(ref)) ?? unknownJob(ref);
    response.json({ message: `Job ${job.id} cancelled`, status: job.status });
  };
}

function failureOf({ error }: Pick<Job, 'error'>): WhosaidError {
  return WhosaidError.fromPlain(error ?? { key: 'internal_error', params: {} });
}
