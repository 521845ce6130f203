import { type Request, Router } from 'express';
import { type RenderedTranscript, renderTranscript } from '#utils/formats/index.js';
import { languageName } from '#utils/languages/languages.js';
import type { AppDeps } from '../app-deps.js';
import { abortOnDisconnect } from '../middleware/disconnect.js';
import type { Multipart } from '../middleware/multipart.js';
import { contextOf } from '../middleware/request-context.js';
import { methodNotAllowed } from '../middleware/unmatched.js';
import { withUpload } from '../middleware/upload.js';
import { prepareTranscription, transcriptOf } from '../transcription-request.js';
import { parseTranscriptionFields } from './transcription-fields.js';

/** `POST /audio/transcriptions`: a recording in, its transcript in one of OpenAI's formats out. */
export function transcriptionRoutes(deps: AppDeps): Router {
  const router = Router();
  router
    .route('/audio/transcriptions')
    .post(async (request, response) => {
      const signal = abortOnDisconnect(response);
      const { contentType, body } = await withUpload({
        request,
        response,
        temp: deps.temp,
        maxUploadBytes: deps.settings.maxUploadBytes,
        use: (upload) => answer({ deps, request, upload, signal }),
      });
      response.type(contentType).send(body);
    })
    .all(methodNotAllowed(['POST']));
  return router;
}

async function answer(options: {
  deps: AppDeps;
  request: Request;
  upload: Multipart;
  signal: AbortSignal;
}): Promise<RenderedTranscript> {
  const { deps, request, upload, signal } = options;
  const fields = parseTranscriptionFields(upload.fields);
  const prepared = await prepareTranscription({ deps, fields, upload, signal });
  const transcript = await transcriptOf(prepared);
  contextOf(request).audioSeconds = transcript.duration;
  return renderTranscript(transcript, {
    format: fields.responseFormat,
    granularities: fields.granularities,
    languageName: languageName(transcript.language),
    speakerDetail: prepared.decision.detail,
  });
}
