import { type ComparedWord, normaliseWords } from './normalise.js';
import type { ReferenceTurn } from './references.js';
import type { AlignmentStep } from './wer.js';
import { alignWords, type WordErrors } from './wer.js';

/** A recognised word with its time; seconds from the start of the recording. */
export type TimedWord = { readonly text: string; readonly start: number; readonly end: number };

/** How far one turn's first word is from the turn's start; signed, seconds, positive when the word comes too late. */
export type StartError = {
  readonly turn: ReferenceTurn;
  readonly wordStart: number;
  readonly errorSeconds: number;
};

export type Score = {
  readonly words: WordErrors;
  /** What was compared, for listings; indices are those of `words.steps`. */
  readonly reference: readonly ComparedWord[];
  readonly hypothesis: readonly ComparedWord[];
  /** One for each turn without overlap whose first word was recognised. */
  readonly starts: readonly StartError[];
  /** Turns that no other turn overlaps. */
  readonly clearTurns: number;
};

/**
 * Scores recognised words against a reference. Reference words are ordered by the start of their turn.
 * A turn counts for word starts when no other turn overlaps it and its first word is matched in the alignment.
 */
export function scoreWords(turns: readonly ReferenceTurn[], words: readonly TimedWord[]): Score {
  const ordered = [...turns].sort((one, other) => one.start - other.start);
  const turnWords = ordered.map((turn) => turn.text.split(/\s+/).filter((word) => word !== ''));
  const turnOf = turnWords.flatMap((list, index) => list.map(() => index));
  const reference = turnWords.flatMap((list, index) => {
    const before = turnWords.slice(0, index).reduce((sum, other) => sum + other.length, 0);
    return normaliseWords(list).map((word) => ({
      ...word,
      from: word.from + before,
      to: word.to + before,
    }));
  });
  const hypothesis = normaliseWords(words.map((word) => word.text));
  const errors = alignWords(
    reference.map((word) => word.text),
    hypothesis.map((word) => word.text),
  );

  const clear = clearTurnIndices(ordered);
  const starts: StartError[] = [];
  for (const index of clear) {
    const turn = ordered[index] as ReferenceTurn;
    const first = reference.findIndex((word) => turnOf[word.from] === index);
    const match = errors.steps.find((step) => isMatchOf(step, first));
    const word = match && words[hypothesis[match.hypothesis ?? -1]?.from ?? -1];
    if (word !== undefined) {
      starts.push({ turn, wordStart: word.start, errorSeconds: word.start - turn.start });
    }
  }
  return { words: errors, reference, hypothesis, starts, clearTurns: clear.length };
}

/** Indices of the turns that overlap no other. Turns that only touch do not overlap. */
export function clearTurnIndices(
  turns: readonly { readonly start: number; readonly end: number }[],
): number[] {
  return turns.flatMap((turn, index) => {
    const overlapped = turns.some(
      (other, otherIndex) =>
        otherIndex !== index && other.start < turn.end && turn.start < other.end,
    );
    return overlapped ? [] : [index];
  });
}

function isMatchOf(step: AlignmentStep, reference: number): boolean {
  return step.kind === 'match' && step.reference === reference;
}

/** Median, 90th percentile and count of the distances, whichever their direction. Seconds. */
export function summariseStarts(starts: readonly StartError[]): {
  median: number;
  p90: number;
  count: number;
} {
  const distances = starts.map((start) => Math.abs(start.errorSeconds));
  return {
    median: quantile(distances, 0.5),
    p90: quantile(distances, 0.9),
    count: distances.length,
  };
}

/** Quantile with linear interpolation between neighbours; NaN for an empty list. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((one, other) => one - other);
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (position - below);
}
