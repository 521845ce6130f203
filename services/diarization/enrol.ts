import type { AudioDecoder } from '#services/audio/types.js';
import type { VoiceReference } from '#services/transcription/types.js';
import type { ErrorKey } from '#utils/errors/catalogue.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { joinSamples, SAMPLE_RATE } from '#utils/signal/pcm.js';
import type { KnownVoice, SpeakerService } from './types.js';

export type EnrolDeps = {
  readonly decoder: AudioDecoder;
  readonly speakers: Pick<SpeakerService, 'sample'>;
  readonly signal?: AbortSignal;
};

/** OpenAI's limits of one reference, in seconds. */
const SECONDS_LIMITS = { min: 1.2, max: 10 };
/** Codecs cut off some milliseconds, and add up to some packets of silence, to what was exactly as long as allowed. */
const TOLERANCE_SECONDS = { under: 0.05, over: 0.25 };
/** With less speech than this in a reference, its embedding says little about the voice. */
const MIN_SPEECH_SECONDS = 0.5;

/** What the decoder says of a file that is no usable audio; other failures are not the reference's fault. */
const NOT_AUDIO: readonly ErrorKey[] = [
  'audio_not_opened',
  'audio_no_stream',
  'audio_unreadable',
  'audio_corrupt',
  'audio_empty',
];

/**
 * Learns the voices of known people from files in any format, one after the other.
 *
 * @throws WhosaidError `known_speaker_not_audio`, `known_speaker_length`, `known_speaker_silent` or
 * `known_speaker_several_voices` for the first reference that is not usable, with its number counted from 1; what the
 * speaker service throws; `signal.reason`.
 */
export async function enrolVoices(
  references: readonly VoiceReference[],
  deps: EnrolDeps,
): Promise<KnownVoice[]> {
  const samples: Int16Array[] = [];
  for (const [index, { path }] of references.entries())
    samples.push(await readReference({ path, number: index + 1 }, deps));
  // No model is asked before all files are known to be right.
  const voices: KnownVoice[] = [];
  for (const [index, { name }] of references.entries()) {
    const sample = { samples: samples[index] as Int16Array, number: index + 1 };
    voices.push({ name, embedding: await embeddingOf(sample, deps) });
  }
  return voices;
}

/** Which reference it is, counted from 1. */
type Numbered = { readonly number: number };

async function embeddingOf(
  { samples, number }: Numbered & { readonly samples: Int16Array },
  deps: EnrolDeps,
): Promise<Float32Array> {
  const { speechSeconds, voices, embedding } = await deps.speakers.sample(samples, deps);
  if (speechSeconds < MIN_SPEECH_SECONDS || !embedding)
    throw new WhosaidError('known_speaker_silent', {
      number,
      expected: MIN_SPEECH_SECONDS,
      received: speechSeconds.toFixed(2),
    });
  if (voices > 1)
    throw new WhosaidError('known_speaker_several_voices', { number, received: voices });
  return embedding;
}

async function readReference(
  { path, number }: Numbered & { readonly path: string },
  deps: EnrolDeps,
): Promise<Int16Array> {
  const wrongLength = (received: string) =>
    new WhosaidError('known_speaker_length', { number, received });
  const { min, max } = SECONDS_LIMITS;
  const samples = await decodeUpTo(max + TOLERANCE_SECONDS.over, path, deps).catch(
    (error: unknown) => {
      if (!(error instanceof WhosaidError)) throw error;
      if (error.key === 'audio_too_short') throw wrongLength(String(error.params.seconds));
      // Only where MAX_AUDIO_SECONDS is less than a sample may have.
      if (error.key === 'audio_too_long') throw wrongLength(`more than ${error.params.limit}`);
      if (!NOT_AUDIO.includes(error.key)) throw error;
      const params = { number, reason: error.message };
      throw new WhosaidError('known_speaker_not_audio', params, { cause: error });
    },
  );
  if (samples === undefined) throw wrongLength(`more than ${max}`);
  const seconds = samples.length / SAMPLE_RATE;
  if (seconds < min - TOLERANCE_SECONDS.under) throw wrongLength(seconds.toFixed(2));
  return samples;
}

/** Undefined, without reading on, where the file is longer than that. */
async function decodeUpTo(
  maxSeconds: number,
  path: string,
  { decoder, signal }: EnrolDeps,
): Promise<Int16Array | undefined> {
  const blocks: Int16Array[] = [];
  let count = 0;
  for await (const block of decoder.decode(path, signal && { signal })) {
    count += block.length;
    if (count > maxSeconds * SAMPLE_RATE) return undefined;
    blocks.push(block);
  }
  return joinSamples(blocks);
}
