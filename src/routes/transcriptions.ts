import { type Request, Router } from 'express';
import { resolveModel } from '#services/model-manager/aliases.js';
import { transcribe } from '#services/transcription/pipeline.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type RenderedTranscript, renderTranscript } from '#utils/formats/index.js';
import { languageName } from '#utils/languages/languages.js';
import type { Transcript } from '#utils/transcript/types.js';
import type { AppDeps } from '../app-deps.js';
import { abortOnDisconnect } from '../middleware/disconnect.js';
import type { Multipart } from '../middleware/multipart.js';
import { contextOf } from '../middleware/request-context.js';
import { methodNotAllowed } from '../middleware/unmatched.js';
import { withUpload } from '../middleware/upload.js';
import { checkLanguage } from './language-check.js';
import { decideSpeakers } from './speaker-decision.js';
import { speakerRequest } from './speaker-request.js';
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

/** Checks everything that can be checked before any work is done, then transcribes. */
async function answer(options: {
  deps: AppDeps;
  request: Request;
  upload: Multipart;
  signal: AbortSignal;
}): Promise<RenderedTranscript> {
  const { deps, request, upload, signal } = options;
  const { file } = upload;
  if (file === undefined) throw new WhosaidError('file_missing');
  const fields = parseTranscriptionFields(upload.fields);
  const context = { ...deps, defaultModel: deps.settings.model };
  const { entry, diarize } = await resolveModel(fields.model, context);
  const decision = decideSpeakers({
    fields: fields.speakers,
    responseFormat: fields.responseFormat,
    modelAsks: diarize,
    mode: deps.settings.speakerDiarization,
  });
  await checkLanguage({ ...deps, entry, language: fields.language });
  if (file.bytes === 0) throw new WhosaidError('audio_empty');

  const events = transcribe(
    {
      path: file.path,
      signal,
      ...(fields.language !== undefined && { language: fields.language }),
      ...(fields.prompt !== undefined && { prompt: fields.prompt }),
      ...(await speakerRequest({ decision, fields: fields.speakers, folder: upload.folder })),
    },
    {
      decoder: deps.decoder,
      speech: deps.manager.speech(entry.id),
      speakers: deps.manager.speakers(),
      chunkSeconds: deps.settings.chunkSeconds,
      chunkOverlapSeconds: deps.settings.chunkOverlapSeconds,
    },
  );
  const transcript = await lastOf(events);
  contextOf(request).audioSeconds = transcript.duration;
  return renderTranscript(transcript, {
    format: fields.responseFormat,
    granularities: fields.granularities,
    languageName: languageName(transcript.language),
    speakerDetail: decision.detail,
  });
}

/** The transcript that ends the events. */
async function lastOf(events: ReturnType<typeof transcribe>): Promise<Transcript> {
  for await (const event of events) {
    if (event.type === 'done') return event.transcript;
  }
  throw new TypeError('The pipeline ended without a transcript.');
}
