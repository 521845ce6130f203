import { SAMPLE_RATE, type SpeechSpan } from '#services/asr/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { languageName } from '#utils/languages/languages.js';
import { joinSamples } from '#utils/signal/pcm.js';
import type { Seat } from '../admission.js';
import type { AppDeps } from '../app-deps.js';
import { detectingModel } from './adapter-model.js';
import type { UploadAnswer } from './answer-upload.js';

/** As much as Whisper models hear at once. */
const HEARD_SAMPLES = 30 * SAMPLE_RATE;

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
  const { language, confidence } = await seat.run({ signal }, async () => {
    const speech = deps.manager.speech(modelId);
    const samples = await firstSamples(deps, { path: file.path, signal });
    const spans = await speech.detect(samples, { signal });
    // A model names some language for silence and noise, too.
    if (spans.length === 0) throw new WhosaidError('language_not_heard');
    return speech.detectLanguage({ samples: samplesOf(samples, spans) }, { signal });
  });
  const body = JSON.stringify({
    detected_language: languageName(language),
    language_code: language,
    confidence: confidence ?? null,
  });
  return { contentType: 'application/json; charset=utf-8', body };
}

/** What is said, without the pauses. */
function samplesOf(samples: Int16Array, spans: readonly SpeechSpan[]): Int16Array {
  const at = (seconds: number) => Math.round(seconds * SAMPLE_RATE);
  return joinSamples(spans.map(({ start, end }) => samples.subarray(at(start), at(end))));
}

async function firstSamples(
  { decoder }: Pick<AppDeps, 'decoder'>,
  { path, signal }: { path: string; signal: AbortSignal },
): Promise<Int16Array> {
  const samples = new Int16Array(HEARD_SAMPLES);
  let length = 0;
  for await (const block of decoder.decode(path, { signal })) {
    const part = block.subarray(0, HEARD_SAMPLES - length);
    samples.set(part, length);
    length += part.length;
    if (length === HEARD_SAMPLES) break;
  }
  return samples.subarray(0, length);
}
