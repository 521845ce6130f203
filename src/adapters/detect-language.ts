import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { languageName } from '#utils/languages/languages.js';
import type { Seat } from '../admission.js';
import type { AppDeps } from '../app-deps.js';
import { detectSpokenLanguage } from '../spoken-language/detect.js';
import { detectingModel } from './adapter-model.js';
import type { UploadAnswer } from './answer-upload.js';

/** As much as Whisper models hear at once. */
const HEARD_SECONDS = 30;

/**
 * The language that is spoken in the first 30 seconds of a recording, as whisper-asr-webservice tells it.
 * @throws WhosaidError `file_missing`, `audio_empty`, `language_not_heard` where nobody speaks, what `detectingModel`, the decoder and the engine throw
 */
export async function detectLanguage(options: {
  readonly deps: AppDeps;
  readonly file: { readonly path: string; readonly bytes: number } | undefined;
  /** As sent. */
  readonly model: string | undefined;
  readonly seat: Seat;
  readonly signal: AbortSignal;
}): Promise<UploadAnswer> {
  const { deps, file, model, seat, signal } = options;
  if (file === undefined) throw new WhosaidError('file_missing');
  const modelId = await detectingModel({ model }, deps);
  if (file.bytes === 0) throw new WhosaidError('audio_empty');
  const heard = await seat.run({ signal }, () =>
    detectSpokenLanguage(
      { model: modelId, path: file.path, withinSeconds: HEARD_SECONDS, signal },
      deps,
    ),
  );
  if (heard === undefined) throw new WhosaidError('language_not_heard');
  const { language, confidence } = heard;
  const body = JSON.stringify({
    detected_language: languageName(language),
    language_code: language,
    confidence: confidence ?? null,
  });
  return { contentType: 'application/json; charset=utf-8', body };
}
