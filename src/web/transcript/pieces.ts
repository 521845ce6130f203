import { oneLine, wordOffsets } from '#utils/text/word-offsets.js';
import type { Segment, Word } from '#utils/transcript/types.js';
import type { WordPlace } from './edits.js';

/** A word as it stands in its segment's text, with punctuation that stands alone behind it. Times in seconds. */
export type Piece = WordPlace & {
  readonly text: string;
  /** The text as it was recognised. */
  readonly original: string;
  /** Whether white space parts it from what follows: Japanese has none, but between two segments there always is. */
  readonly isApart: boolean;
  readonly start: number;
  readonly end: number;
  /** 0 to 1; 1 where it was corrected. */
  readonly confidence: number;
  /** What was recognised, where the segment's words are the words of its text. */
  readonly source?: Word;
};

const cache = new WeakMap<Segment, readonly Piece[]>();

/** The words of a segment as it was recognised. */
export function piecesOf(segment: Segment): readonly Piece[] {
  const known = cache.get(segment);
  if (known !== undefined) return known;
  const pieces = cutSegment(segment);
  cache.set(segment, pieces);
  return pieces;
}

/** The words of a segment after these corrections, by index; those that were not said are left out. */
export function correctedPieces(
  segment: Segment,
  corrections: ReadonlyMap<number, string> | undefined,
): readonly Piece[] {
  const pieces = piecesOf(segment);
  if (corrections === undefined) return pieces;
  return pieces.flatMap((piece) => {
    const text = corrections.get(piece.word);
    if (text === undefined) return [piece];
    return text === '' ? [] : [{ ...piece, text, confidence: 1 }];
  });
}

/** The text that these pieces make up. */
export function textOf(pieces: readonly Pick<Piece, 'text' | 'isApart'>[]): string {
  return pieces
    .map(({ text, isApart }) => (isApart ? `${text} ` : text))
    .join('')
    .trim();
}

function cutSegment(segment: Segment): Piece[] {
  const text = oneLine(segment.text);
  const { words } = segment;
  const offsets = wordOffsets(text, words);
  if (offsets === undefined) return cutByBlanks(segment, text);
  return words.map((source, word) => {
    const slice = text.slice(offsets[word], offsets[word + 1] ?? text.length);
    const original = slice.trim();
    const { start, end, confidence } = source;
    const isApart = slice !== slice.trimEnd() || word === words.length - 1;
    const place = { segment: segment.id, word };
    return { ...place, text: original, original, isApart, start, end, confidence, source };
  });
}

/** Words without times of their own: each gets its share of the segment, by its length. */
function cutByBlanks(segment: Segment, text: string): Piece[] {
  const { id, start, end } = segment;
  const words = text === '' ? [] : text.split(' ');
  const perCharacter = (end - start) / Math.max(1, text.length);
  let at = 0;
  return words.map((original, word) => {
    const from = start + at * perCharacter;
    const to = from + original.length * perCharacter;
    at += original.length + 1;
    const times = { start: from, end: to, confidence: 1 };
    return { segment: id, word, text: original, original, isApart: true, ...times };
  });
}
