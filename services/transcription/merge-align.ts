/** A word as far as aligning is concerned; seconds of the recording. */
export type HeardWord = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
};

/** A place of the alignment: the index of the word that one version, the other, or both have there. */
export type Column = {
  readonly earlier?: number;
  readonly later?: number;
  /** Both versions have the same word. */
  readonly agreed: boolean;
};

/** The same word may be put so far apart by two versions. */
const MAX_APART_SECONDS = 1;
/** Different words are two readings of the same sound when they share so much of the shorter one's time. */
const MIN_SHARED = 0.5;

/**
 * Aligns two versions of the same words: the most words that agree in text (without case and punctuation) and about in
 * time, then the most that sound at the same time. Needleman and Wunsch's method with free gaps. Every word of either
 * version is in one column, columns keep both orders, and words that only one version has are ordered by time.
 */
export function alignWords(earlier: readonly HeardWord[], later: readonly HeardWord[]): Column[] {
  const [ones, others] = [earlier.map(keyed), later.map(keyed)];
  const width = others.length + 1;
  const best = new Float64Array((ones.length + 1) * width);
  ones.forEach((one, row) => {
    others.forEach((other, column) => {
      const skipped = Math.max(at(row, column + 1), at(row + 1, column));
      best[(row + 1) * width + column + 1] = Math.max(
        skipped,
        at(row, column) + likeness(one, other),
      );
    });
  });

  const columns: Column[] = [];
  let [row, column] = [ones.length, others.length];
  while (row > 0 || column > 0) {
    const [one, other] = [ones[row - 1], others[column - 1]];
    const both = one && other ? likeness(one, other) : 0;
    if (one && other && both > 0 && at(row, column) === at(row - 1, column - 1) + both) {
      columns.push({ earlier: --row, later: --column, agreed: one.key === other.key });
      continue;
    }
    const mayTakeOne = one && at(row, column) === at(row - 1, column);
    const mayTakeOther = other && at(row, column) === at(row, column - 1);
    const oneIsLast = !other || (one !== undefined && one.start >= other.start);
    if (mayTakeOne && (oneIsLast || !mayTakeOther)) columns.push({ earlier: --row, agreed: false });
    else columns.push({ later: --column, agreed: false });
  }
  return columns.reverse();

  function at(rows: number, columnsBefore: number): number {
    return best[rows * width + columnsBefore] ?? 0;
  }
}

/** How much of the time of the shorter of two words both share, 0 to 1. */
export function sharedTime(one: Timed, other: Timed): number {
  const shared = Math.min(one.end, other.end) - Math.max(one.start, other.start);
  const shorter = Math.min(one.end - one.start, other.end - other.start);
  return shared > 0 && shorter > 0 ? shared / shorter : 0;
}

type Timed = Pick<HeardWord, 'start' | 'end'>;
type Keyed = HeardWord & { readonly key: string };

function keyed(word: HeardWord): Keyed {
  const bare = word.text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{P}\p{S}]/gu, '');
  return { text: word.text, start: word.start, end: word.end, key: bare || word.text };
}

/** 0: not the same place. More than 1: the same word. */
function likeness(one: Keyed, other: Keyed): number {
  if (one.key === other.key) {
    const apart = Math.abs(one.start + one.end - other.start - other.end) / 2;
    if (apart <= MAX_APART_SECONDS) return 2 - apart / MAX_APART_SECONDS;
  }
  const shared = sharedTime(one, other);
  return shared >= MIN_SHARED ? shared / 2 : 0;
}
