import type { TokenPiece, Word } from '#utils/transcript/types.js';
import { FRAME_SECONDS, type TokenFrames } from './align.js';
import type { Vocabulary } from './vocabulary.js';

export type TimedTokens = {
  readonly tokens: readonly number[];
  /** Natural-log probability of each token. */
  readonly logprobs: readonly number[];
  readonly frames: readonly TokenFrames[];
  /** Length of the segment: no word ends after it. */
  readonly seconds: number;
  /** Words carry their tokens one by one. Default false. */
  readonly withPieces?: boolean;
};

const SPACE = 0x20;

/**
 * Joins tokens to words: a token that begins with a space begins a word, so punctuation stays with the word before.
 * Each token that has text is counted by one word, so that the counts say where in the tokens a word begins; special
 * tokens are not counted, and neither are blanks at the end.
 */
export function wordsOfTokens(timed: TimedTokens, vocabulary: Vocabulary): Word[] {
  const groups: { pieces: TokenPiece[]; first: number; last: number }[] = [];
  timed.tokens.forEach((token, index) => {
    const bytes = vocabulary.get(token);
    if (!bytes) return; // padding and special tokens
    const piece = { bytes, logprob: timed.logprobs[index] ?? 0 };
    const open = groups.at(-1);
    if (open && bytes[0] !== SPACE) {
      open.pieces.push(piece);
      open.last = index;
    } else groups.push({ pieces: [piece], first: index, last: index });
  });

  let blanks: TokenPiece[] = []; // tokens of space alone: the next word has them
  return groups.flatMap(({ pieces: own, first, last }): Word[] => {
    const text = Buffer.concat(own.map(({ bytes }) => bytes))
      .toString('utf8')
      .trim();
    const pieces = [...blanks, ...own];
    blanks = text === '' ? pieces : [];
    if (text === '') return [];
    const start = Math.min((timed.frames[first]?.start ?? 0) * FRAME_SECONDS, timed.seconds);
    const end = Math.min((timed.frames[last]?.end ?? 0) * FRAME_SECONDS, timed.seconds);
    const logprob = own.reduce((sum, piece) => sum + piece.logprob, 0);
    const confidence = Math.exp(logprob / (last - first + 1));
    return [
      {
        text,
        start,
        end: Math.max(start, end),
        confidence,
        tokenCount: pieces.length,
        ...(timed.withPieces && { pieces }),
      },
    ];
  });
}

/** The text of a token sequence, trimmed. */
export function textOfTokens(tokens: readonly number[], vocabulary: Vocabulary): string {
  const bytes = tokens.flatMap((token) => vocabulary.get(token) ?? []);
  return Buffer.concat(bytes).toString('utf8').trim();
}
