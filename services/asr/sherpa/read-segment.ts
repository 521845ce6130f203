import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { findRepetition } from '../repetition.js';
import { halves, joinRecognised, type RecognisedPart } from '../segment-audio.js';
import {
  type AudioSegment,
  type RecognisedSegment,
  type RecogniseOptions,
  SAMPLE_RATE,
} from '../types.js';
import { chooseLanguage } from '../whisper/choose-language.js';
import { isSpeech } from '../whisper/non-speech.js';
import type { SherpaFamily, SherpaModel } from './family.js';
import type { RawResult, Recogniser } from './recogniser.js';
import { soundingSpans } from './sounding-spans.js';
import { tokenOf } from './vocabulary.js';
import { type Piece, piecesOfText, textOfPieces, wordsOfPieces } from './words.js';

/** A segment shorter than this is not cut again when the decoder loops on it. */
const MIN_HALF_SECONDS = 1;
/** Shorter audio is filled up with silence: encoders fail on audio that makes no frame. */
const SHORTEST_SECONDS = 1;
/** Without probabilities; 0 is what nothing speaks against. */
const UNKNOWN_LOGPROB = 0;
/** `<|en|>`, as SenseVoice writes it. */
const LANGUAGE_SIGN = /^<\|([a-z]{2,3})\|>$/;

export type Reader = {
  readonly recogniser: Recogniser;
  readonly family: SherpaFamily;
  readonly model: SherpaModel;
  /** Codes that the model knows; empty where that is not known. */
  readonly languages: readonly string[];
  readonly options: RecogniseOptions;
  /** Checked before each decoding; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
};

/** What was heard in one decoding. */
export type Heard = {
  readonly pieces: readonly Piece[];
  readonly tokens: readonly number[];
  /** A number for each thing said: the same for the same. */
  readonly sequence: readonly number[];
  readonly language: string;
};

/**
 * Recognises a segment of any length: what is longer than the family takes is cut where it is quietest. One that ends
 * in a loop is read again in halves.
 */
export async function readSegment(
  reader: Reader,
  segment: AudioSegment,
): Promise<RecognisedSegment> {
  const seconds = segment.samples.length / SAMPLE_RATE;
  if (seconds > reader.family.maxSeconds) return inHalves(reader, segment);
  const heard = await decodeSegment(reader, segment);
  const loop = reader.family.loops ? findRepetition(heard.sequence) : undefined;
  if (!loop) return resultOf(reader, segment, heard);
  if (seconds >= 2 * MIN_HALF_SECONDS) return inHalves(reader, segment);
  // Pieces of a whole text are words, not tokens.
  if (heard.pieces.length !== heard.sequence.length) return resultOf(reader, segment, heard);
  const kept = loop.start + loop.period;
  return resultOf(reader, segment, {
    ...heard,
    tokens: heard.tokens.slice(0, kept),
    pieces: heard.pieces.slice(0, kept),
  });
}

async function inHalves(reader: Reader, segment: AudioSegment): Promise<RecognisedSegment> {
  const parts: RecognisedPart[] = [];
  let offset = 0;
  for (const half of halves(segment)) {
    parts.push({ recognised: await readSegment(reader, half), offset });
    offset += half.samples.length / SAMPLE_RATE;
  }
  return joinRecognised(parts);
}

/**
 * Decodes in the language asked for, else in the one detected, if it is one of the candidates. A model that must be told
 * and is not gets the first candidate, else a usual one; one that hears it without saying so is left alone.
 */
export async function decodeSegment(reader: Reader, segment: AudioSegment): Promise<Heard> {
  const { family, languages, options } = reader;
  const choice = chooseLanguage(options, languages);
  const assumed = choice.language ?? choice.otherwise ?? usual(languages);
  if (!family.detectsLanguage)
    return heardIn(reader, segment, {
      asked: family.needsLanguage ? assumed : choice.language,
      assumed,
    });
  const heard = await heardIn(reader, segment, { asked: choice.language, assumed });
  if (choice.language !== undefined || choice.accepts(heard.language)) return heard;
  return heardIn(reader, segment, { asked: choice.otherwise, assumed });
}

function usual(languages: readonly string[]): string {
  return languages.includes('en') ? 'en' : (languages[0] ?? 'en');
}

async function heardIn(
  { recogniser, family, model, options, signal }: Reader,
  segment: AudioSegment,
  { asked, assumed }: { asked: string | undefined; assumed: string },
): Promise<Heard> {
  signal?.throwIfAborted();
  const { language: _replaced, ...others } = options;
  const call = family.call({ ...others, ...(asked !== undefined && { language: asked }) }, model);
  const raw = await recogniser.decode(samplesOf(segment, family), call).catch((cause: unknown) => {
    throw new WhosaidError(
      'engine_failed',
      { reason: 'inference failed on one segment' },
      { cause },
    );
  });
  const [, told] = LANGUAGE_SIGN.exec(raw.language) ?? [];
  return {
    pieces: family.vocabulary === undefined ? piecesOfText(raw.text) : piecesOf(raw, model),
    tokens: raw.tokens.flatMap((text) => tokenOf(text, model.vocabulary) ?? []),
    sequence: raw.tokens.map((text) => raw.tokens.indexOf(text)),
    language: told ?? asked ?? assumed,
  };
}

/** Audio in [-1, 1], filled up with silence behind. */
function samplesOf({ samples }: AudioSegment, { tailSeconds = 0 }: SherpaFamily): Float32Array {
  const tail = Math.round(tailSeconds * SAMPLE_RATE);
  const wave = new Float32Array(Math.max(samples.length + tail, SHORTEST_SECONDS * SAMPLE_RATE));
  for (let index = 0; index < samples.length; index++)
    wave[index] = (samples[index] as number) / 32_768;
  return wave;
}

/** Lists of another length than that of the tokens belong to something else. */
function piecesOf(raw: RawResult, { vocabulary }: SherpaModel): Piece[] {
  const count = raw.tokens.length;
  const hasTimes = raw.timestamps.length === count;
  const hasDurations = raw.durations.length === count;
  const hasProbabilities = raw.logProbs.length === count;
  return raw.tokens.map((text, index): Piece => {
    const id = tokenOf(text, vocabulary);
    const duration = raw.durations[index] ?? 0;
    return {
      bytes: (id === undefined ? undefined : vocabulary.bytes.get(id)) ?? new Uint8Array(),
      ...(hasTimes && { start: raw.timestamps[index] as number }),
      // A token of no length stands where the next one does: its length is not known.
      ...(hasDurations && duration > 0 && { duration }),
      ...(hasProbabilities && { logprob: Math.min(0, raw.logProbs[index] as number) }),
    };
  });
}

function resultOf(
  { options }: Reader,
  segment: AudioSegment,
  { pieces, tokens, language }: Heard,
): RecognisedSegment {
  const known = pieces.flatMap(({ logprob }) => logprob ?? []);
  const text = textOfPieces(pieces);
  const about = {
    avgLogprob:
      known.length === 0
        ? UNKNOWN_LOGPROB
        : known.reduce((sum, logprob) => sum + logprob, 0) / known.length,
    temperature: 0,
    language: options.task === 'translate' ? 'en' : language,
  };
  if (!isSpeech(text)) return { text: '', words: [], tokens: [], ...about };
  const words = wordsOfPieces(pieces, {
    seconds: segment.samples.length / SAMPLE_RATE,
    spans: () => soundingSpans(segment),
    withPieces: options.logprobs ?? false,
  });
  return { text, words, tokens, ...about };
}
