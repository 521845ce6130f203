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
import { skippedStretches } from './skipped-speech.js';
import { textOfTokens, wordsOfTokens } from './words.js';

/** A segment shorter than this is not cut again when the decoder loops on it. */
const MIN_HALF_SECONDS = 1;
/** sherpa-onnx gives no probabilities for Whisper; 0 is what nothing speaks against. */
const UNKNOWN_LOGPROB = 0;

/** Silence after a segment at the first reading: enough that loops are rare and that short speech has enough tokens. */
const paddedSeconds = (seconds: number): number => 1.25 * seconds + 3;

export type Reader = {
  readonly model: WhisperModel;
  readonly files: Pick<WhisperFiles, 'vocabulary' | 'languages' | 'hasTokenTimes'>;
  readonly options: RecogniseOptions;
  /** Checked before each decoding; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Recognises a segment of any length: what is too long is cut where it is quietest. One that ends in a loop, or that the
 * token limit stopped, is read again as Whisper was trained, filled with silence to half a minute, then in halves. One in
 * which words are missing has what lies between the words read by itself; where that is not enough it is read in halves,
 * those in halves of their own, and so on as long as that brings more words.
 */
export async function readSegment(
  reader: Reader,
  segment: AudioSegment,
): Promise<RecognisedSegment> {
  return completed(reader, segment, await readOnce(reader, segment));
}

type Reading = { readonly recognised: RecognisedSegment; readonly lacksWords: boolean };

/** In one go if that gives anything of use, else in halves. */
async function readOnce(reader: Reader, segment: AudioSegment): Promise<Reading> {
  const whole = await readWhole(reader, segment);
  if (!whole) {
    const recognised = await inHalves(segment, (half) => readSegment(reader, half));
    return { recognised, lacksWords: false };
  }
  const lacksWords =
    reader.files.hasTokenTimes && skippedStretches(whole.words, segment).length > 0;
  return { recognised: whole, lacksWords };
}

async function readWhole(
  reader: Reader,
  segment: AudioSegment,
): Promise<RecognisedSegment | undefined> {
  const seconds = secondsOf(segment);
  if (seconds > MAX_SECONDS) return undefined;
  let decoded = await decodeSegment(reader, segment);
  if (isGood(reader, segment, decoded)) return result(reader, segment, decoded);
  decoded = await decodeSegment(reader, segment, MAX_SECONDS);
  if (isGood(reader, segment, decoded)) return result(reader, segment, decoded);
  if (seconds >= 2 * MIN_HALF_SECONDS) return undefined;
  return result(reader, segment, cutLoop(decoded));
}

/**
 * Stretches without words are read by themselves first: a half may cut a word in two. Halving goes on only where it brings
 * words: music has none, and takes two readings more.
 */
async function completed(
  reader: Reader,
  segment: AudioSegment,
  { recognised, lacksWords }: Reading,
): Promise<RecognisedSegment> {
  if (!lacksWords) return recognised;
  const filled = await withStretchesRead(reader, segment, recognised);
  if (skippedStretches(filled.words, segment).length === 0) return filled;
  const readings: Reading[] = [];
  const parts = await inHalves(segment, async (half) => {
    const reading = await readOnce(reader, half);
    readings.push(reading);
    return reading.recognised;
  });
  if (parts.words.length <= filled.words.length) return filled;
  return inHalves(segment, (half, index) => completed(reader, half, readings[index] as Reading));
}

/**
 * Reads each stretch in which words are missing by itself, and puts what it gives between the words: two people who talk
 * at once are often heard one at a time. A segment without any word is left alone: it is hardly speech.
 */
async function withStretchesRead(
  reader: Reader,
  segment: AudioSegment,
  recognised: RecognisedSegment,
): Promise<RecognisedSegment> {
  if (recognised.words.length === 0) return recognised;
  let { words, tokens } = recognised;
  for (const { start, end } of skippedStretches(recognised.words, segment)) {
    const at = (seconds: number) => Math.round(seconds * SAMPLE_RATE);
    const found = await readWhole(reader, { samples: segment.samples.slice(at(start), at(end)) });
    if (found === undefined) continue;
    const place = words.findIndex((word) => word.start >= end);
    const index = place < 0 ? words.length : place;
    const moved = found.words.map((word) => ({
      ...word,
      start: word.start + start,
      end: Math.min(word.end + start, end),
    }));
    const tokensBefore = words
      .slice(0, index)
      .reduce((sum, { tokenCount = 0 }) => sum + tokenCount, 0);
    tokens = [...tokens.slice(0, tokensBefore), ...found.tokens, ...tokens.slice(tokensBefore)];
    words = [...words.slice(0, index), ...moved, ...words.slice(index)];
  }
  return { ...recognised, words, tokens, text: textOfTokens(tokens, reader.files.vocabulary) };
}

/** What `read` makes of the first half, then of the second, as one. */
async function inHalves(
  segment: AudioSegment,
  read: (half: AudioSegment, index: number) => Promise<RecognisedSegment>,
): Promise<RecognisedSegment> {
  const parts: RecognisedPart[] = [];
  let offset = 0;
  for (const [index, half] of halves(segment).entries()) {
    parts.push({ recognised: await read(half, index), offset });
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
