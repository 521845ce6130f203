import { join } from 'node:path';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { hasEcho } from '../echo.js';
import { findRepetition, withoutLoop } from '../repetition.js';
import { halves, joinRecognised, type RecognisedPart, withSilence } from '../segment-audio.js';
import {
  type AsrEngine,
  type AudioSegment,
  type RecognisedSegment,
  SAMPLE_RATE,
} from '../types.js';
import { alignTokens } from './align.js';
import { type Decoded, type MoonshineModel, openMoonshine, tokenLimit } from './decode.js';
import { moonshineFiles } from './files.js';
import { readVocabulary, type Vocabulary } from './vocabulary.js';
import { textOfTokens, wordsOfTokens } from './words.js';

/** A segment shorter than this is not cut again when the decoder loops on it. */
const MIN_HALF_SECONDS = 1;
/** The only language of these models. */
const LANGUAGE = 'en';
/** Silence put around a segment that gave no text at first. */
const RETRY_SILENCE_SECONDS = 0.25;

/**
 * Moonshine (Useful Sensors, https://arxiv.org/abs/2410.15608) in ONNX Runtime, batched, with word times from
 * cross-attention.
 *
 * A batch that fails is tried again one by one. A segment that ends in a loop, or in which a phrase is heard again in
 * no time, is cut in two and both halves are read again; one that gives nothing is read again alone between two bits of silence.
 */
export async function createMoonshineEngine(options: {
  readonly modelDir: string;
  readonly threads: number;
}): Promise<AsrEngine> {
  return moonshineEngine({
    model: await openMoonshine(options),
    vocabularyPath: join(options.modelDir, moonshineFiles.tokens),
  });
}

/** The engine around an opened model, which it owns from now on. */
export async function moonshineEngine(options: {
  readonly model: MoonshineModel;
  readonly vocabularyPath: string;
}): Promise<AsrEngine> {
  const { model } = options;
  const vocabulary = await readVocabulary(options.vocabularyPath);
  return {
    async recognise(segments, { logprobs = false }, call) {
      const reader = { model, vocabulary, withPieces: logprobs };
      const decoded = await decodeBatch(model, segments);
      const results: RecognisedSegment[] = [];
      for (const [index, segment] of segments.entries()) {
        call?.signal?.throwIfAborted();
        results.push(await settle(reader, segment, decoded[index] as Decoded));
      }
      return results;
    },
    detectLanguage: async () => ({ language: LANGUAGE }),
    dispose: () => model.dispose(),
  };
}

async function decodeBatch(
  model: MoonshineModel,
  segments: readonly AudioSegment[],
): Promise<Decoded[]> {
  if (segments.length === 0) return [];
  try {
    return await model.decode(segments);
  } catch (cause) {
    if (segments.length === 1) {
      throw new WhosaidError(
        'engine_failed',
        { reason: 'inference failed on one segment' },
        { cause },
      );
    }
    const decoded: Decoded[] = [];
    for (const segment of segments) decoded.push(...(await decodeBatch(model, [segment])));
    return decoded;
  }
}

/** What it takes to make a result of a segment. */
type Reader = {
  readonly model: MoonshineModel;
  readonly vocabulary: Vocabulary;
  /** Words carry their tokens one by one. */
  readonly withPieces: boolean;
};

/** Accepts what the decoder said, or has the segment read again where it looped or said nothing. */
async function settle(
  reader: Reader,
  segment: AudioSegment,
  decoded: Decoded,
): Promise<RecognisedSegment> {
  const { model } = reader;
  const seconds = segment.samples.length / SAMPLE_RATE;
  if (decoded.tokens.length === 0) {
    const padded = withSilence(segment, RETRY_SILENCE_SECONDS);
    const [again] = await decodeBatch(model, [padded]);
    // Nothing at first and a loop then: there is nothing to hear.
    return again && !isLooping(again, padded)
      ? result(reader, again, { seconds, leadSeconds: RETRY_SILENCE_SECONDS })
      : result(reader, decoded, { seconds });
  }
  const heard = isLooping(decoded, segment) ? undefined : result(reader, decoded, { seconds });
  if (heard && !hasEcho(heard.words)) return heard;
  if (seconds < 2 * MIN_HALF_SECONDS) return heard ?? result(reader, cutLoop(decoded), { seconds });

  const parts: RecognisedPart[] = [];
  let offset = 0;
  for (const half of halves(segment)) {
    const [again] = await decodeBatch(model, [half]);
    if (again) parts.push({ recognised: await settle(reader, half, again), offset });
    offset += half.samples.length / SAMPLE_RATE;
  }
  return joinRecognised(parts);
}

function isLooping(decoded: Decoded, { samples }: AudioSegment): boolean {
  return (
    !decoded.ended ||
    decoded.tokens.length > tokenLimit(samples.length) ||
    findRepetition(decoded.tokens) !== undefined
  );
}

function cutLoop(decoded: Decoded): Decoded {
  const { tokens, logprobs, attention, frames } = decoded;
  return withoutLoop(decoded, (count) => ({
    tokens: tokens.slice(0, count),
    logprobs: logprobs.slice(0, count),
    attention: attention.slice(0, count * frames),
  }));
}

/** `leadSeconds` is the silence that was put before the segment's own `seconds`. */
function result(
  { vocabulary, withPieces }: Reader,
  decoded: Decoded,
  { seconds, leadSeconds: lead = 0 }: { seconds: number; leadSeconds?: number },
): RecognisedSegment {
  const { tokens, logprobs, attention, frames } = decoded;
  const within = (time: number) => Math.min(Math.max(time - lead, 0), seconds);
  const words = wordsOfTokens(
    {
      tokens,
      logprobs,
      frames: alignTokens(attention, tokens.length, frames),
      seconds: seconds + lead,
      withPieces,
    },
    vocabulary,
  ).map((word) => ({ ...word, start: within(word.start), end: within(word.end) }));
  return {
    text: textOfTokens(tokens, vocabulary),
    words,
    tokens,
    avgLogprob: logprobs.reduce((sum, value) => sum + value, 0) / Math.max(1, logprobs.length),
    temperature: 0,
    language: LANGUAGE,
  };
}
