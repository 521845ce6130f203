import type { Word } from '#utils/transcript/types.js';
import { hasEcho } from '../echo.js';
import { findRepetition, withoutLoop } from '../repetition.js';
import { halves, joinRecognised, type RecognisedPart } from '../segment-audio.js';
import {
  type AudioSegment,
  type RecognisedSegment,
  type RecogniseOptions,
  SAMPLE_RATE,
} from '../types.js';
import { chooseLanguage } from './choose-language.js';
import { type Decoded, MAX_SECONDS, type WhisperModel } from './decode.js';
import type { WhisperFiles } from './model-files.js';
import { isSpeech } from './non-speech.js';
import { textOfTokens, wordsOfTokens } from './words.js';

/** A segment shorter than this is not cut again when the decoder loops on it. */
const MIN_HALF_SECONDS = 1;
/** Segments are cut in pauses, so a longer stretch without a word means that the decoder skipped some. */
const LONGEST_GAP_SECONDS = 2;
/** sherpa-onnx gives no probabilities for Whisper; 0 is what nothing speaks against. */
const UNKNOWN_LOGPROB = 0;

/** Silence after a segment at the first reading: enough that loops are rare and that short speech has enough tokens. */
const paddedSeconds = (seconds: number): number => 1.25 * seconds + 3;

export type Reader = {
  readonly model: WhisperModel;
  readonly files: Pick<WhisperFiles, 'vocabulary' | 'languages'>;
  readonly options: RecogniseOptions;
  /** Checked before each decoding; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Recognises a segment of any length: what is too long is cut where it is quietest. One that ends in a loop, or that the
 * token limit stopped, is read again as Whisper was trained, filled with silence to half a minute, then in halves. One in
 * which words are missing is read in halves, and what has more words is taken.
 */
export async function readSegment(
  reader: Reader,
  segment: AudioSegment,
): Promise<RecognisedSegment> {
  const seconds = secondsOf(segment);
  if (seconds > MAX_SECONDS) return readHalves(reader, segment);
  let decoded = await decodeSegment(reader, segment);
  if (isGood(reader, segment, decoded)) return completed(reader, segment, decoded);
  decoded = await decodeSegment(reader, segment, MAX_SECONDS);
  if (isGood(reader, segment, decoded)) return result(reader, segment, decoded);
  if (seconds >= 2 * MIN_HALF_SECONDS) return readHalves(reader, segment);
  return result(reader, segment, cutLoop(decoded));
}

async function completed(
  reader: Reader,
  segment: AudioSegment,
  decoded: Decoded,
): Promise<RecognisedSegment> {
  const whole = result(reader, segment, decoded);
  if (decoded.starts.length === 0 || !hasGap(whole.words, secondsOf(segment))) return whole;
  const parts = await readHalves(reader, segment);
  return parts.words.length > whole.words.length ? parts : whole;
}

function hasGap(words: readonly Word[], seconds: number): boolean {
  const starts = [...words.map(({ start }) => start), seconds];
  const ends = [0, ...words.map(({ end }) => end)];
  return starts.some((start, index) => start - (ends[index] as number) > LONGEST_GAP_SECONDS);
}

async function readHalves(reader: Reader, segment: AudioSegment): Promise<RecognisedSegment> {
  const parts: RecognisedPart[] = [];
  let offset = 0;
  for (const half of halves(segment)) {
    parts.push({ recognised: await readSegment(reader, half), offset });
    offset += secondsOf(half);
  }
  return joinRecognised(parts);
}

/** Decodes in the language asked for, else in the one detected, if it is one of the candidates. */
export async function decodeSegment(
  { model, files, options, signal }: Reader,
  segment: AudioSegment,
  padded: number = paddedSeconds(secondsOf(segment)),
): Promise<Decoded> {
  const decode = (language?: string): Promise<Decoded> => {
    signal?.throwIfAborted();
    const task = options.task ?? 'transcribe';
    return model.decode(segment, { language, task, paddedSeconds: padded });
  };
  if (files.languages.length === 0) return { ...(await decode()), language: 'en' };
  const choice = chooseLanguage(options, files.languages);
  if (choice.language !== undefined) return decode(choice.language);
  const detected = await decode();
  return choice.accepts(detected.language) ? detected : decode(choice.otherwise);
}

function isGood(reader: Reader, segment: AudioSegment, decoded: Decoded): boolean {
  if (!decoded.ended || findRepetition(decoded.tokens) !== undefined) return false;
  // Without times of their own, words cannot be too fast.
  return decoded.starts.length === 0 || !hasEcho(result(reader, segment, decoded).words);
}

function cutLoop(decoded: Decoded): Decoded {
  const { tokens, starts, durations } = decoded;
  return withoutLoop(decoded, (count) => ({
    tokens: tokens.slice(0, count),
    starts: starts.slice(0, count),
    durations: durations.slice(0, count),
  }));
}

function result(
  { files, options }: Reader,
  segment: AudioSegment,
  decoded: Decoded,
): RecognisedSegment {
  const language = options.task === 'translate' ? 'en' : decoded.language;
  const text = textOfTokens(decoded.tokens, files.vocabulary);
  const about = { avgLogprob: UNKNOWN_LOGPROB, temperature: 0, language };
  if (!isSpeech(text)) return { text: '', words: [], tokens: [], ...about };
  const timed = { ...decoded, language, seconds: secondsOf(segment) };
  return { text, words: wordsOfTokens(timed, files.vocabulary), tokens: decoded.tokens, ...about };
}

function secondsOf({ samples }: AudioSegment): number {
  return samples.length / SAMPLE_RATE;
}
