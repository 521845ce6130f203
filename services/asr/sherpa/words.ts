import type { TokenPiece, Word } from '#utils/transcript/types.js';
import type { Span } from './sounding-spans.js';
import { shareTimes } from './sounding-spans.js';

/** One token as the recogniser said it. */
export type Piece = {
  /** UTF-8; may end inside a character. A leading space begins a word. */
  readonly bytes: Uint8Array;
  /** Seconds from the start of the segment. Absent where the recogniser gives none. */
  readonly start?: number;
  /** Seconds. Absent where the recogniser gives none. */
  readonly duration?: number;
  /** Natural-log probability. Absent where the recogniser gives none. */
  readonly logprob?: number;
};

/** Nothing is known against a word whose recogniser gives no probabilities. */
const UNKNOWN_CONFIDENCE = 1;
/** Scripts that are written without spaces between words: each of their characters is a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Khmer}]/u;
/** Letters, digits and what is written with them; all else has no sound. */
const SOUNDING = /[\p{L}\p{N}\p{M}\p{S}]/u;
const SPACE = 0x20;
/**
 * Where a token has a beginning only, it lasts so long at most, and a word's last token so long by its letters:
 * speech is seldom slower.
 */
const LONGEST_TOKEN_SECONDS = { base: 0.12, perLetter: 0.07 };
/** No word is shorter: one frame of most encoders. */
const SHORTEST_SECONDS = 0.04;

export type WordOptions = {
  /** Length of the segment: no word ends after it. */
  readonly seconds: number;
  /** Where there is sound; words without times of their own share it. */
  readonly spans: () => readonly Span[];
  /** Words carry their tokens one by one. */
  readonly withPieces?: boolean;
};

/**
 * Joins tokens to words: a token that begins with a space begins one, and so does every character of a script that is
 * written without spaces. Punctuation stays with the word before.
 *
 * Times are those of the tokens that have a sound. Where the recogniser gives none, words share the sound of the
 * segment by the number of their characters.
 */
export function wordsOfPieces(pieces: readonly Piece[], options: WordOptions): Word[] {
  const groups = groupPieces(pieces);
  const isTimed = pieces.length > 0 && pieces.every(({ start }) => start !== undefined);
  const times = isTimed
    ? groups.map((group, index) => timesOf(group, groups[index + 1], options.seconds))
    : shareTimes(
        groups.map(({ text }) => [...text].length),
        options.spans(),
      );
  return groups.map((group, index): Word => {
    const { start, end } = times[index] as Span;
    const word = {
      text: group.text,
      start,
      end,
      confidence: confidenceOf(group.pieces),
      tokenCount: group.pieces.length,
    };
    return options.withPieces ? { ...word, pieces: group.pieces.map(tokenPiece) } : word;
  });
}

/** A whole text as pieces, one a word, where the recogniser gives nothing else. */
export function piecesOfText(text: string): Piece[] {
  const words = text.trim().split(/\s+/u);
  return words.flatMap((word) =>
    splitUnspaced(word).map((part, index) => ({
      bytes: Buffer.from(index === 0 ? ` ${part}` : part),
    })),
  );
}

/** The text of a token sequence, trimmed. */
export function textOfPieces(pieces: readonly Piece[]): string {
  return textOf(pieces.map(({ bytes }) => bytes));
}

type Group = { readonly text: string; readonly pieces: readonly Piece[] };

function splitUnspaced(word: string): string[] {
  const parts: string[] = [];
  for (const character of word) {
    const before = parts.at(-1);
    if (before === undefined || (SOUNDING.test(character) && isSeam(before, character)))
      parts.push(character);
    else parts[parts.length - 1] = before + character;
  }
  return parts;
}

/** Whether a word ends between these, although there is no space. */
function isSeam(before: string, after: string): boolean {
  return UNSPACED.test([...after][0] ?? '') || UNSPACED.test(lastSounding(before));
}

function lastSounding(text: string): string {
  return [...text].findLast((character) => SOUNDING.test(character)) ?? '';
}

function groupPieces(pieces: readonly Piece[]): Group[] {
  const groups: { bytes: Uint8Array[]; pieces: Piece[] }[] = [];
  for (const piece of pieces) {
    if (piece.bytes.length === 0) continue; // special tokens have no text
    const open = groups.at(-1);
    if (open && !begins(piece.bytes, open.bytes)) {
      open.bytes.push(piece.bytes);
      open.pieces.push(piece);
    } else groups.push({ bytes: [piece.bytes], pieces: [piece] });
  }
  return withoutBlanks(groups);
}

function begins(bytes: Uint8Array, open: readonly Uint8Array[]): boolean {
  if (bytes[0] === SPACE) return true;
  const before = textOf(open);
  // A replacement character: the character before is not whole yet.
  if (before === '' || before.endsWith('\uFFFD')) return false;
  const text = textOf([bytes]);
  // A character that begins here and ends in a later token is of three bytes or more: most likely an unspaced script.
  if (text.startsWith('\uFFFD')) return UNSPACED.test(lastSounding(before));
  return SOUNDING.test(text) && isSeam(before, text);
}

/** What is blank, or has no sound at the beginning, goes to the word after; every token with text is some word's. */
function withoutBlanks(
  groups: readonly { bytes: Uint8Array[]; pieces: readonly Piece[] }[],
): Group[] {
  const words: Group[] = [];
  let waiting: { bytes: Uint8Array[]; pieces: Piece[] } = { bytes: [], pieces: [] };
  for (const group of groups) {
    const bytes = [...waiting.bytes, ...group.bytes];
    const pieces = [...waiting.pieces, ...group.pieces];
    const text = textOf(bytes);
    if (text === '') waiting = { bytes, pieces };
    else {
      words.push({ text, pieces });
      waiting = { bytes: [], pieces: [] };
    }
  }
  return words;
}

function timesOf(group: Group, next: Group | undefined, seconds: number): Span {
  const sounding = group.pieces.filter(({ bytes }) => isSounding(bytes));
  const first = sounding[0] ?? (group.pieces[0] as Piece);
  const last = sounding.at(-1) ?? (group.pieces.at(-1) as Piece);
  const start = Math.min(first.start ?? 0, seconds);
  const begun = last.start ?? start;
  const letters = [...textOf([last.bytes])].length;
  const longest = LONGEST_TOKEN_SECONDS.base + LONGEST_TOKEN_SECONDS.perLetter * letters;
  const end = begun + (last.duration ?? longest);
  const until = next?.pieces.find(({ bytes }) => isSounding(bytes))?.start ?? seconds;
  const within = Math.max(Math.min(end, until), start + SHORTEST_SECONDS);
  return { start, end: Math.min(within, Math.max(seconds, start)) };
}

function isSounding(bytes: Uint8Array): boolean {
  const text = textOf([bytes]);
  return SOUNDING.test(text) || text.includes('\uFFFD');
}

/** Geometric mean of the tokens' probabilities. */
function confidenceOf(pieces: readonly Piece[]): number {
  const known = pieces.flatMap(({ logprob }) => logprob ?? []);
  if (known.length === 0) return UNKNOWN_CONFIDENCE;
  const mean = known.reduce((sum, logprob) => sum + logprob, 0) / known.length;
  return Math.min(1, Math.exp(mean));
}

function tokenPiece({ bytes, logprob = 0 }: Piece): TokenPiece {
  return { bytes, logprob };
}

function textOf(bytes: readonly Uint8Array[]): string {
  return Buffer.concat(bytes).toString('utf8').trim();
}
