import { Router } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../app-deps.js';
import { contextOf } from '../middleware/request-context.js';
import { methodNotAllowed } from '../middleware/unmatched.js';
import { parseTranscriptionFields } from '../routes/transcription-fields.js';
import { prepareTranscription, transcriptOf } from '../transcription-request.js';
import { DEFAULT_MODEL } from './adapter-model.js';
import { answerUpload, type UploadAnswer, type UploadCall } from './answer-upload.js';
import { parseWhisperCppFields } from './whisper-cpp-fields.js';
import { renderWhisperCpp } from './whisper-cpp-output.js';

const FILE_FIELD = 'file';

export const whisperCppPaths: readonly string[] = ['/inference', '/load'];

/**
 * `POST /inference` as whisper.cpp's server has it
 * (https://github.com/ggml-org/whisper.cpp/tree/master/examples/server). `POST /load`, which loads a model from a path
 * of the server, is refused: models are chosen by name here.
 */
export function whisperCppRoutes(deps: AppDeps): Router {
  const router = Router();
  router
    .route('/inference')
    .post(answerUpload(deps, { fileField: FILE_FIELD, prepare: (call) => prepare(deps, call) }))
    .all(methodNotAllowed(['POST']));
  router
    .route('/load')
    .post(() => {
      throw new WhosaidError('model_loading_unsupported');
    })
    .all(methodNotAllowed(['POST']));
  return router;
}

async function prepare(
  deps: AppDeps,
  { request, upload, seat, signal }: UploadCall,
): Promise<() => Promise<UploadAnswer>> {
  const sent = parseWhisperCppFields(upload.fields);
  const { response_format: format, prompt, no_timestamps: noTimes, diarize } = sent;
  const task = sent.translate === true ? 'translate' : 'transcribe';
  const language = sent.detect_language === true ? undefined : sent.language;
  const model = sent.model ?? DEFAULT_MODEL;
  const fields = parseTranscriptionFields(
    { model, language, prompt, ...(diarize !== undefined && { diarize: String(diarize) }) },
    { task },
  );
  const prepared = await prepareTranscription({
    deps,
    context: contextOf(request),
    fields,
    upload,
    seat,
    signal,
  });
  return async () => {
    const transcript = await transcriptOf(prepared);
    return {
      ...renderWhisperCpp(transcript, { format, task, hasTimes: noTimes !== true }),
      audioSeconds: transcript.duration,
    };
  };
}
