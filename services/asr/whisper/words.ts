import type { Word } from '#utils/transcript/types.js';

/** sherpa-onnx gives no probabilities for Whisper: nothing speaks against a word. */
const UNKNOWN_CONFIDENCE = 1;

/** Languages that are written without spaces between words; the list is that of OpenAI's Whisper. */
const UNSPACED = new Set(['zh', 'ja', 'th', 'lo', 'my', 'yue']);

const SPACE = 0x20;
/** Letters, digits and what is written with them; all else has no sound. */
const SOUNDING = /[\p{L}\p{N}\p{M}\p{S}]/u;

/** A word lasts no longer than this, by its letters; what is longer is a pause before it. */
const LONGEST_WORD_SECONDS = { base: 0.2, perLetter: 0.09 };

export type TimedTokens = {
  readonly tokens: readonly number[];
  /** Where each token begins and how long it lasts, in seconds; empty where the decoder does not tell. */
  readonly starts: readonly number[];
  readonly durations: readonly number[];
  /** ISO 639-1 code. */
  readonly language: string;
  /** Length of the segment: no word ends after it. */
  readonly seconds: number;
};

type Vocabulary = ReadonlyMap<number, Uint8Array>;
type Group = { readonly bytes: Uint8Array[]; readonly indexes: number[] };

/**
 * Joins tokens to words. Where words are written with spaces, a token that begins with one begins a word; elsewhere
 * every token does that begins with a whole character and has a sound. Punctuation stays with the word before.
 *
 * Times are those of the tokens that have a sound. Where the decoder gives none, the words share the segment by the
 * length of their texts.
 */
export function wordsOfTokens(timed: TimedTokens, vocabulary: Vocabulary): Word[] {
  const words = groupTokens(timed, vocabulary);
  return timed.starts.length === timed.tokens.length
    ? words.map((word) => withTokenTimes(word, timed, vocabulary))
    : withSharedTimes(words, timed.seconds);
}

/** The text of a token sequence, trimmed. */
export function textOfTokens(tokens: readonly number[], vocabulary: Vocabulary): string {
  return textOf(tokens.flatMap((token) => vocabulary.get(token) ?? []));
}

type BareWord = { readonly text: string; readonly indexes: readonly number[] };

function groupTokens({ tokens, language }: TimedTokens, vocabulary: Vocabulary): BareWord[] {
  const isUnspaced = UNSPACED.has(language);
  const groups: Group[] = [];
  tokens.forEach((token, index) => {
    const bytes = vocabulary.get(token);
    if (!bytes || bytes.length === 0) return; // special tokens have no text
    const open = groups.at(-1);
    const begins = isUnspaced ? beginsUnspaced(bytes, open) : bytes[0] === SPACE;
    if (open && !begins) {
      open.bytes.push(bytes);
      open.indexes.push(index);
    } else groups.push({ bytes: [bytes], indexes: [index] });
  });
  return withoutBlanks(groups);
}

function beginsUnspaced(bytes: Uint8Array, open: Group | undefined): boolean {
  if (bytes[0] === SPACE) return true;
  const before = textOf(open?.bytes ?? []);
  // A replacement character: the character before is not whole yet.
  if (before.endsWith('\uFFFD')) return false;
  const text = textOf([bytes]);
  return text.includes('\uFFFD') || SOUNDING.test(text);
}

/** What is blank, or has no sound at the beginning, goes to the word after; every token with text is some word's. */
function withoutBlanks(groups: readonly Group[]): BareWord[] {
  const words: BareWord[] = [];
  let waiting: { bytes: Uint8Array[]; indexes: number[] } = { bytes: [], indexes: [] };
  for (const group of groups) {
    const bytes = [...waiting.bytes, ...group.bytes];
    const indexes = [...waiting.indexes, ...group.indexes];
    const text = textOf(bytes);
    if (text === '') waiting = { bytes, indexes };
    else {
      words.push({ text, indexes });
      waiting = { bytes: [], indexes: [] };
    }
  }
  return words;
}

function withTokenTimes(
  { text, indexes }: BareWord,
  timed: TimedTokens,
  vocabulary: Vocabulary,
): Word {
  const { starts, durations, seconds } = timed;
  // A pause counts as part of the token after it, which often is punctuation.
  const sounding = indexes.filter((index) => {
    const piece = textOf([vocabulary.get(timed.tokens[index] as number) ?? new Uint8Array()]);
    return SOUNDING.test(piece) || piece.includes('\uFFFD');
  });
  const [first, last] = [sounding[0] ?? indexes[0], sounding.at(-1) ?? indexes.at(-1)] as [
    number,
    number,
  ];
  const end = Math.min((starts[last] ?? 0) + (durations[last] ?? 0), seconds);
  const longest = LONGEST_WORD_SECONDS.base + LONGEST_WORD_SECONDS.perLetter * [...text].length;
  const start = Math.min(Math.max(starts[first] ?? 0, end - longest), end);
  return { text, start, end, confidence: UNKNOWN_CONFIDENCE, tokenCount: indexes.length };
}

function withSharedTimes(words: readonly BareWord[], seconds: number): Word[] {
  const letters = words.map(({ text }) => [...text].length + 1);
  const total = letters.reduce((sum, count) => sum + count, 0);
  let before = 0;
  return words.map(({ text, indexes }, index): Word => {
    const start = (before / total) * seconds;
    before += letters[index] as number;
    const end = (before / total) * seconds;
    return { text, start, end, confidence: UNKNOWN_CONFIDENCE, tokenCount: indexes.length };
  });
}

function textOf(bytes: readonly Uint8Array[]): string {
  return Buffer.concat(bytes).toString('utf8').trim();
}
