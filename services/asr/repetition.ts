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
 * @param stopped The decoder did not come to an end by itself, so two rounds are enough; of several loops, the one that
 * explains most of the sequence is taken.
 * @returns undefined for a sequence that does not end in a loop.
 */
export function findRepetition(
  tokens: readonly number[],
  { stopped = false }: { stopped?: boolean } = {},
): Repetition | undefined {
  let longest: Repetition | undefined;
  for (let period = 1; period <= Math.min(MAX_PERIOD, tokens.length / 2); period++) {
    let start = tokens.length - period;
    while (start > 0 && tokens[start - 1] === tokens[start - 1 + period]) start--;
    const rounds = (tokens.length - start) / period;
    const enough = stopped ? 2 : period <= 2 ? 8 : period <= 6 ? 4 : 3;
    if (rounds < enough) continue;
    if (!stopped) return { start, period };
    if (longest === undefined || start < longest.start) longest = { start, period };
  }
  return longest;
}

/**
 * What a decoder said, with a loop at its end cut down to the first round.
 *
 * @param first What belongs to the first `count` tokens: the tokens themselves and whatever goes with them.
 */
export function withoutLoop<
  D extends { readonly tokens: readonly number[]; readonly ended: boolean },
>(decoded: D, first: (count: number) => Partial<D>): D {
  const loop = findRepetition(decoded.tokens, { stopped: !decoded.ended });
  return loop ? { ...decoded, ...first(loop.start + loop.period) } : decoded;
}
