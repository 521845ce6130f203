/** A loop found at the end of a token sequence. */
export type Repetition = {
  /** Where the repeated part begins for the first time. */
  readonly start: number;
  /** Length of one round. */
  readonly period: number;
};

const MAX_PERIOD = 24;

/**
 * Finds the loop that a greedy decoder is caught in: the sequence ends with a phrase said again and again. A phrase of
 * one or two tokens may be said more often ("no, no, no") than a long one before it counts.
 *
 * @returns undefined for a sequence that does not end in a loop.
 */
export function findRepetition(tokens: readonly number[]): Repetition | undefined {
  for (let period = 1; period <= Math.min(MAX_PERIOD, tokens.length / 2); period++) {
    let start = tokens.length - period;
    while (start > 0 && tokens[start - 1] === tokens[start - 1 + period]) start--;
    const rounds = (tokens.length - start) / period;
    const enough = period <= 2 ? 8 : period <= 6 ? 4 : 3;
    if (rounds >= enough) return { start, period };
  }
  return undefined;
}

/** The sequence with the loop cut down to its first round. */
export function cutRepetition<T>(items: readonly T[], { start, period }: Repetition): T[] {
  return items.slice(0, start + period);
}
