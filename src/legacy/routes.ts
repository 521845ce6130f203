import { Router } from 'express';
import { answerUpload, type UploadAnswer, type UploadCall } from '../adapters/answer-upload.js';
import { errorsWithDetail } from '../adapters/dialect-errors.js';
import type { AppDeps } from '../app-deps.js';
import { contextOf } from '../middleware/request-context.js';
import { methodNotAllowed } from '../middleware/unmatched.js';
import { parseTranscriptionFields } from '../routes/transcription-fields.js';
import { prepareTranscription, transcriptOf } from '../transcription-request.js';
import { asTranscriptionFields } from './legacy-fields.js';
import { cancelLegacyJob, legacyJobResult, legacyStatus, startLegacyJob } from './legacy-jobs.js';
import { legacyTranscript } from './legacy-output.js';

/** What the API of the older server with jobs has of paths, at the root only. */
const LEGACY_PATHS = ['/transcribe', '/jobs'];

/** Gives errors on these paths the shape that its clients read; comes before whatever may refuse a request. */
export const legacyErrors = () => errorsWithDetail(LEGACY_PATHS);

/** The API of the older server with jobs, which this one replaces: docs/jobs.md. Its jobs are those of `/audio/jobs`. */
export function legacyRoutes(deps: AppDeps): Router {
  const router = Router();
  router
    .route('/transcribe')
    .post(answerUpload(deps, { fileField: 'file', prepare: (call) => prepare(deps, call) }))
    .all(methodNotAllowed(['POST']));
  router
    .route('/transcribe/async')
    .post(startLegacyJob(deps))
    .all(methodNotAllowed(['POST']));
  router
    .route('/jobs/:id/status')
    .get(legacyStatus(deps))
    .all(methodNotAllowed(['GET']));
  router
    .route('/jobs/:id/result')
    .get(legacyJobResult(deps))
    .all(methodNotAllowed(['GET']));
  router
    .route('/jobs/:id/cancel')
    .post(cancelLegacyJob(deps))
    .all(methodNotAllowed(['POST']));
  return router;
}

async function prepare(
  deps: AppDeps,
  { request, upload, seat, signal }: UploadCall,
): Promise<() => Promise<UploadAnswer>> {
  const fields = parseTranscriptionFields(await asTranscriptionFields(upload.fields, deps));
  const fileName = upload.file?.name ?? '';
  const { responseFormat: format } = fields;
  const context = contextOf(request);
  const prepared = await prepareTranscription({ deps, context, fields, upload, seat, signal });
  return async () => {
    const transcript = await transcriptOf(prepared);
    const body = legacyTranscript(transcript, { fileName, doneAt: Date.now(), format });
    return {
      contentType: 'application/json; charset=utf-8',
      body: JSON.stringify(body),
      audioSeconds: transcript.duration,
    };
  };
}
