import type { Piece } from './pieces.js';

/** All words of a transcript as one text without accents, capitals and outer punctuation. */
export type SearchIndex = {
  readonly text: string;
  /** Where each word begins in the text. */
  readonly starts: Uint32Array;
};

/** What was found: for each place, the indices of its first and its last word. */
export type Matches = { readonly first: Uint32Array; readonly last: Uint32Array };

export const noMatches: Matches = { first: new Uint32Array(), last: new Uint32Array() };

export function searchIndex(pieces: readonly Pick<Piece, 'text' | 'isApart'>[]): SearchIndex {
  const starts = new Uint32Array(pieces.length);
  const parts: string[] = [];
  // Most words come again and again.
  const known = new Map<string, string>();
  let length = 0;
  pieces.forEach(({ text, isApart }, index) => {
    const plain = known.get(text) ?? plainWord(text);
    known.set(text, plain);
    // What is punctuation alone takes no room, so that there are never two blanks.
    const part = isApart && plain !== '' ? `${plain} ` : plain;
    starts[index] = length;
    length += part.length;
    parts.push(part);
  });
  return { text: parts.join(''), starts };
}

/**
 * All places where the query is said, also within a word and over several, in order. Places do not overlap. Runs over a
 * text of 100,000 words in a few milliseconds.
 */
export function findAll({ text, starts }: SearchIndex, query: string): Matches {
  const wanted = query.trim().split(/\s+/u).map(plainWord).filter(Boolean).join(' ');
  if (wanted === '') return noMatches;
  const first: number[] = [];
  const last: number[] = [];
  let word = 0;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    word = wordAt(starts, at, word);
    first.push(word);
    word = wordAt(starts, at + wanted.length - 1, word);
    last.push(word);
  }
  return { first: Uint32Array.from(first), last: Uint32Array.from(last) };
}

/** Numbers of the matches that touch words from `from` to `to`, both included: the first one and the one after the last. */
export function matchesWithin(
  { first, last }: Matches,
  { from, to }: { from: number; to: number },
): readonly [number, number] {
  return [lowerBound(last, from), lowerBound(first, to + 1)];
}

/** The first match that begins at this word or later, or the very first; -1 where there is none. */
export function nearestMatch({ first }: Matches, word: number): number {
  if (first.length === 0) return -1;
  const at = lowerBound(first, word);
  return at < first.length ? at : 0;
}

/** Index of the first value that is not less than `least`. */
function lowerBound(values: Uint32Array, least: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The word that holds the character at `at`, looked for from word `from` on. Words without a character hold none. */
function wordAt(starts: Uint32Array, at: number, from: number): number {
  let word = from;
  while (word + 1 < starts.length && (starts[word + 1] ?? 0) <= at) word += 1;
  return word;
}

/** Most words have nothing but these, and are not looked at twice. */
const PLAIN = /^[a-z0-9]+$/;

function plainWord(word: string): string {
  if (PLAIN.test(word)) return word;
  return word
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}
