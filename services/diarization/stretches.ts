import type { Stretch } from './types.js';

/** Stretches ordered by start, those with less than `gapSeconds` between them joined. */
export function joinStretches(stretches: readonly Stretch[], gapSeconds: number): Stretch[] {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of [...stretches].sort((one, other) => one.start - other.start)) {
    const last = joined.at(-1);
    if (last && start - last.end < gapSeconds) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  }
  return joined;
}

/** What of the stretches lies in `[from, to)`. */
export function clipStretches(
  stretches: readonly Stretch[],
  { from, to }: { readonly from: number; readonly to: number },
): Stretch[] {
  return stretches
    .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
    .filter(({ start, end }) => end > start);
}

/** Seconds of all stretches, each counted by itself. */
export function secondsOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Seconds that lie in both lists; each is ordered by start and free of overlaps. */
export function sharedSeconds(one: readonly Stretch[], other: readonly Stretch[]): number {
  let shared = 0;
  let first = 0;
  for (const { start, end } of one) {
    while (first < other.length && (other[first] as Stretch).end <= start) first++;
    for (let index = first; index < other.length; index++) {
      const stretch = other[index] as Stretch;
      if (stretch.start >= end) break;
      shared += Math.min(end, stretch.end) - Math.max(start, stretch.start);
    }
  }
  return shared;
}

/** Less activity than this, in seconds, says nothing about who is who. */
const MIN_ACTIVITY_SECONDS = 0.34;

/**
 * How far two voices are active at the same times: intersection over union, from 0 to 1. Undefined where there is too
 * little activity to tell.
 */
export function coActivity(one: readonly Stretch[], other: readonly Stretch[]): number | undefined {
  const shared = sharedSeconds(one, other);
  const either = secondsOf(one) + secondsOf(other) - shared;
  return either < MIN_ACTIVITY_SECONDS ? undefined : shared / either;
}
