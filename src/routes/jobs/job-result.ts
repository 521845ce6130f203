import type { RequestHandler, Response } from 'express';
import type { Job } from '#services/jobs/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { renderTranscript } from '#utils/formats/index.js';
import type { Transcript } from '#utils/transcript/types.js';
import type { AppDeps } from '../../app-deps.js';
import { errorBody } from '../../middleware/error-handler.js';
import { contextOf } from '../../middleware/request-context.js';
import { renderOptions } from '../rendering.js';
import { jobOf, unknownJob } from './job-ref.js';
import { parseResultQuery } from './result-query.js';

/**
 * `GET /audio/jobs/{id}/result`: the transcript in the format that the job asked for, or in any other. Throws
 * `job_without_speakers` for one that would have to say who speaks, where that was not found out.
 */
export function jobResult(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const wanted = parseResultQuery(request.query);
    const job = await jobOf(request, deps);
    if (job.status === 'failed') return answerFailure(job, response);
    const transcript = await finishedTranscript(job, deps);
    const rendering = { ...job.rendering, ...wanted };
    if (rendering.format === 'diarized_json' && transcript.speakers === undefined) {
      throw new WhosaidError('job_without_speakers', { id: job.id });
    }
    contextOf(request).model = job.work.model;
    if (job.fromCache) response.setHeader('x-whosaid-cache', 'hit');
    const task = job.work.recognition.task ?? 'transcribe';
    const { contentType, body } = renderTranscript(
      transcript,
      renderOptions(transcript, { ...rendering, task }),
    );
    response.type(contentType).send(body);
  };
}

/** The transcript of a completed job. Throws `job_unfinished`, `job_cancelled` or `job_unknown`. */
export async function finishedTranscript(
  { id, owner, status }: Job,
  { jobs }: Pick<AppDeps, 'jobs'>,
): Promise<Transcript> {
  if (status === 'cancelled') throw new WhosaidError('job_cancelled', { id });
  if (status !== 'completed') throw new WhosaidError('job_unfinished', { id, status });
  // Deleted meanwhile.
  return (await jobs.transcript({ id, owner })) ?? unknownJob({ id });
}

/** The job's own error as its result. It is in the log already, and the same answer comes however often one asks. */
export function answerFailure({ error }: Job, response: Response): void {
  const failure = WhosaidError.fromPlain(error ?? { key: 'internal_error', params: {} });
  response.setHeader('x-should-retry', 'false');
  response.status(failure.status).json(errorBody(failure));
}
