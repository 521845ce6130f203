/** A stretch of speech, in seconds. */
export type Speech = { readonly start: number; readonly end: number };

/** Where a cut may be made; all in seconds on the clock of the speech. */
export type CutRange = {
  readonly from: number;
  readonly to: number;
  /** Where the cut is made best as far as lengths are concerned; inside the range. */
  readonly target: number;
};

/** A pause is not better for being longer than this: it ends a sentence. */
const LONG_PAUSE_SECONDS = 1;
/** So much of a pause is left on either side of a cut, where the pause is long enough. */
const INSET_SECONDS = 0.5;

/**
 * Finds where to cut: in the longest pause of the range (of several long ones, in the one nearest to the target), and in
 * it as near to the target as can be. Without a pause, at the target.
 *
 * @param speech Everything that was heard in the range and around it, ordered by start.
 */
export function chooseCut(speech: readonly Speech[], { from, to, target }: CutRange): number {
  let best = { at: target, length: 0 };
  let pauseStart = Number.NEGATIVE_INFINITY;
  for (const { start, end } of [...speech, { start: Number.POSITIVE_INFINITY, end: 0 }]) {
    const inset = Math.min(INSET_SECONDS, (start - pauseStart) / 2);
    const [first, last] = [Math.max(from, pauseStart + inset), Math.min(to, start - inset)];
    const at = Math.max(first, Math.min(last, target));
    const length = Math.min(start - pauseStart, LONG_PAUSE_SECONDS);
    const nearer = Math.abs(at - target) < Math.abs(best.at - target);
    if (first <= last && (length > best.length || (length === best.length && nearer)))
      best = { at, length };
    pauseStart = Math.max(pauseStart, end);
  }
  return best.at;
}
