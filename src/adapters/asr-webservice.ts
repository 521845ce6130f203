import { Router } from 'express';
import type { AppDeps } from '../app-deps.js';
import { contextOf } from '../middleware/request-context.js';
import { methodNotAllowed } from '../middleware/unmatched.js';
import { parseTranscriptionFields } from '../routes/transcription-fields.js';
import { prepareTranscription, transcriptOf } from '../transcription-request.js';
import { DEFAULT_MODEL } from './adapter-model.js';
import { answerUpload, type UploadAnswer, type UploadCall } from './answer-upload.js';
import { renderAsr } from './asr-output.js';
import { type AsrQuery, parseAsrQuery } from './asr-query.js';
import { detectLanguage } from './detect-language.js';
import { audioFileErrors } from './dialect-errors.js';
import { rawPcmAsWav } from './raw-pcm.js';

const FILE_FIELD = 'audio_file';

export const asrWebservicePaths: readonly string[] = ['/asr', '/detect-language'];

/**
 * `POST /asr` and `POST /detect-language` as whisper-asr-webservice has them
 * (https://github.com/ahmetoner/whisper-asr-webservice), for Bazarr and whoever else speaks to it.
 */
export function asrWebserviceRoutes(deps: AppDeps): Router {
  const router = Router();
  router
    .route('/asr')
    .post(answerUpload(deps, { fileField: FILE_FIELD, prepare: (call) => prepareAsr(deps, call) }))
    .all(methodNotAllowed(['POST']));
  router
    .route('/detect-language')
    .post(
      answerUpload(deps, {
        fileField: FILE_FIELD,
        async prepare({ request, upload, seat, signal }) {
          const { encode, model } = parseAsrQuery(request.query);
          const { file } = encode === false ? await rawPcmAsWav(upload) : upload;
          return () => detectLanguage({ deps, file, model, seat, signal });
        },
      }),
    )
    .all(methodNotAllowed(['POST']));
  router.use(audioFileErrors());
  return router;
}

async function prepareAsr(
  deps: AppDeps,
  { request, upload, seat, signal }: UploadCall,
): Promise<() => Promise<UploadAnswer>> {
  const { encode, task, output, word_timestamps: words, ...query } = parseAsrQuery(request.query);
  const { language, initial_prompt: prompt } = query;
  const model = query.model ?? DEFAULT_MODEL;
  const fields = parseTranscriptionFields(
    { model, language, prompt, ...speakerFields(query) },
    { task },
  );
  const recording = encode === false ? await rawPcmAsWav(upload) : upload;
  const prepared = await prepareTranscription({
    deps,
    context: contextOf(request),
    fields,
    upload: recording,
    seat,
    signal,
  });
  return async () => {
    const transcript = await transcriptOf(prepared);
    return {
      ...renderAsr(transcript, { output, hasWords: words === true }),
      audioSeconds: transcript.duration,
    };
  };
}

/** Numbers of speakers count for nothing there without `diarize`, and clients send them all the same. */
function speakerFields(query: Pick<AsrQuery, 'diarize' | 'min_speakers' | 'max_speakers'>) {
  const { diarize, min_speakers, max_speakers } = query;
  if (diarize === false) return { diarize: 'false' };
  return { ...(diarize && { diarize: 'true' }), min_speakers, max_speakers };
}
