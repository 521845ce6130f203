import type { RequestHandler } from 'express';
import { transcriptDocument } from '#utils/transcript/document.js';
import type { AppDeps } from '../../app-deps.js';
import { contextOf } from '../../middleware/request-context.js';
import { renderOptions } from '../rendering.js';
import { jobOf } from './job-ref.js';
import { answerFailure, finishedTranscript } from './job-result.js';

/**
 * `GET /audio/jobs/{id}/transcript`: all that is known of what was said, the confidence of each word and the speakers'
 * turns among it, which no format of OpenAI's has a place for. The page writes every format from it.
 */
export function jobTranscript(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const job = await jobOf(request, deps);
    if (job.status === 'failed') return answerFailure(job, response);
    const transcript = await finishedTranscript(job, deps);
    contextOf(request).model = job.work.model;
    const task = job.work.recognition.task ?? 'transcribe';
    const rendering = renderOptions(transcript, { ...job.rendering, task });
    response.json(transcriptDocument(transcript, rendering));
  };
}
