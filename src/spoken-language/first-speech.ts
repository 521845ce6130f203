import { SAMPLE_RATE, type SpeechService, type SpeechSpan } from '#services/asr/types.js';
import type { AudioDecoder } from '#services/audio/types.js';
import { joinSamples } from '#utils/signal/pcm.js';

export type FirstSpeechOptions = {
  readonly path: string;
  readonly decoder: AudioDecoder;
  /** Finds the speech. */
  readonly speech: Pick<SpeechService, 'detect'>;
  /** Looked for in so much of the recording. Default: five minutes. */
  readonly withinSeconds?: number;
  readonly signal: AbortSignal;
};

/** As much as Whisper models hear at once. Speech is looked for in parts of that length. */
const PART_SAMPLES = 30 * SAMPLE_RATE;
/** From so much speech on, a model tells the language reliably. */
const ENOUGH_SAMPLES = 10 * SAMPLE_RATE;
const WITHIN_SECONDS = 5 * 60;

/**
 * The first ten seconds of speech in a recording, or more, without the pauses; at most 30 s. Less where there is less;
 * undefined where nobody speaks. Throws what the decoder and the detector throw.
 */
export async function firstSpeech(options: FirstSpeechOptions): Promise<Int16Array | undefined> {
  const { path, decoder, speech, withinSeconds = WITHIN_SECONDS, signal } = options;
  const found: Int16Array[] = [];
  let samples = 0;
  for await (const part of parts(decoder.decode(path, { signal }), withinSeconds)) {
    // A model names some language for silence and noise, too.
    const spoken = samplesOf(part, await speech.detect(part, { signal }));
    found.push(spoken);
    samples += spoken.length;
    if (samples >= ENOUGH_SAMPLES) break;
  }
  return samples === 0 ? undefined : joinSamples(found).subarray(0, PART_SAMPLES);
}

/** The beginning of a recording, in parts of half a minute. */
async function* parts(
  blocks: AsyncIterable<Int16Array>,
  withinSeconds: number,
): AsyncGenerator<Int16Array, void, void> {
  let left = Math.round(withinSeconds * SAMPLE_RATE);
  let part = new Int16Array(Math.min(PART_SAMPLES, left));
  let length = 0;
  for await (const block of blocks) {
    for (let at = 0; at < block.length && left > 0; ) {
      const taken = block.subarray(at, at + part.length - length);
      part.set(taken, length);
      length += taken.length;
      at += taken.length;
      left -= taken.length;
      if (length < part.length) continue;
      yield part;
      part = new Int16Array(Math.min(PART_SAMPLES, left));
      length = 0;
    }
    if (left <= 0) return;
  }
  if (length > 0) yield part.subarray(0, length);
}

function samplesOf(samples: Int16Array, spans: readonly SpeechSpan[]): Int16Array {
  const at = (seconds: number) => Math.round(seconds * SAMPLE_RATE);
  return joinSamples(spans.map(({ start, end }) => samples.subarray(at(start), at(end))));
}
