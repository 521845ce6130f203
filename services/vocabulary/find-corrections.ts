import type { Keyword } from './keywords.js';
import { farness, mostLettersApart } from './likeness.js';
import { leastDistance, lettersOf } from './spelling.js';

/** Words that are to be replaced by a keyword. */
export type Correction = {
  /** Index of the first one, and how many they are. */
  readonly from: number;
  readonly count: number;
  /** What stands there instead: words with the punctuation and ending of those that stood there. */
  readonly words: readonly string[];
};

/** A word taken apart. */
type Heard = {
  readonly before: string;
  readonly letters: string;
  /** `'s` and the punctuation behind it. */
  readonly after: string;
  readonly isCapital: boolean;
};

/** Words that follow each other, within a sentence. */
type Run = {
  readonly from: number;
  readonly letters: readonly string[];
  /** The same as one. */
  readonly together: string;
};

type Candidate = Omit<Correction, 'words'> & { readonly keyword: Keyword; readonly far: number };

const PARTS = /^(?<before>[^\p{L}\p{N}]*)(?<inner>.*?)(?<after>(?:['’]s)?[^\p{L}\p{N}]*)$/su;
/** Words on both sides of these do not belong together. */
const STOP = /[.,;:!?…)\]"”]/u;

/**
 * Finds words that are nearly a keyword: the nearest first, each word in one correction at most. A run of words is as long
 * as the keyword, or one word shorter or longer, and never goes on behind punctuation.
 *
 * @param words As they are written, punctuation included.
 * @returns In order; none for what is written as the keyword is.
 */
export function findCorrections(
  words: readonly string[],
  keywords: readonly Keyword[],
): Correction[] {
  const heard = words.map(takeApart);
  const runsOf = runsByCount(heard);
  const taken = new Set<number>();
  const found: Correction[] = [];
  const candidates = keywords
    .flatMap((keyword) => candidatesFor(keyword, runsOf))
    .sort(
      (one, other) =>
        one.far / one.keyword.letters.length - other.far / other.keyword.letters.length ||
        other.keyword.words.length - one.keyword.words.length ||
        one.count - other.count,
    );
  for (const { from, count, keyword } of candidates) {
    const places = Array.from({ length: count }, (_, index) => from + index);
    if (places.some((place) => taken.has(place))) continue;
    for (const place of places) taken.add(place);
    const written = asHeard(keyword.words, heard.slice(from, from + count));
    // What stands there already holds its place, so that nothing else is made of it.
    const isSame =
      written.length === count && written.every((word, at) => word === words[from + at]);
    if (!isSame) found.push({ from, count, words: written });
  }
  return found.sort((one, other) => one.from - other.from);
}

function candidatesFor(keyword: Keyword, runsOf: (count: number) => readonly Run[]): Candidate[] {
  const size = keyword.words.length;
  const most = mostLettersApart(keyword);
  const found: Candidate[] = [];
  for (let count = Math.max(1, size - 1); count <= size + 1; count++) {
    for (const { from, letters, together } of runsOf(count)) {
      // Nearly all are told apart by what takes no time.
      if (Math.abs(together.length - keyword.letters.length) > most) continue;
      if (leastDistance(together, keyword.letters) > most) continue;
      const far = farness(letters, keyword);
      if (far !== undefined) found.push({ from, count, keyword, far });
    }
  }
  return found;
}

/** The runs of so many words, which are the same for all keywords. */
function runsByCount(heard: readonly Heard[]): (count: number) => readonly Run[] {
  const known = new Map<number, readonly Run[]>();
  return (count) => {
    const runs = known.get(count) ?? runsOfLength(heard, count);
    known.set(count, runs);
    return runs;
  };
}

function runsOfLength(heard: readonly Heard[], count: number): readonly Run[] {
  const runs: Run[] = [];
  for (let from = 0; from + count <= heard.length; from++) {
    const run = heard.slice(from, from + count);
    if (!belongTogether(run)) continue;
    const letters = run.map((word) => word.letters);
    runs.push({ from, letters, together: letters.join('') });
  }
  return runs;
}

function takeApart(word: string): Heard {
  const { before = '', inner = '', after = '' } = PARTS.exec(word)?.groups ?? {};
  return { before, letters: lettersOf(inner), after, isCapital: /^\p{Lu}/u.test(inner) };
}

function belongTogether(run: readonly Heard[]): boolean {
  return (
    run.every(({ letters }) => letters !== '') &&
    run.slice(0, -1).every(({ after }) => !STOP.test(after) && !/^['’]s/.test(after)) &&
    run.slice(1).every(({ before }) => before === '')
  );
}

/** The words with the punctuation of the run, and with a capital where a sentence begins with a word written small. */
function asHeard(words: readonly string[], run: readonly Heard[]): string[] {
  const [first, last] = [run[0], run.at(-1)];
  return words.map((word, index) => {
    const isCapital = index === 0 && first?.isCapital === true && /^\p{Ll}+$/u.test(word);
    const written = isCapital ? `${word.charAt(0).toUpperCase()}${word.slice(1)}` : word;
    const before = index === 0 ? (first?.before ?? '') : '';
    const after = index === words.length - 1 ? (last?.after ?? '') : '';
    return `${before}${written}${after}`;
  });
}
