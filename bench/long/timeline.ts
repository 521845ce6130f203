import type { ProgressPoint } from './watch-progress.js';

/** A part of a recording, and when it was worked on. */
export type Part = {
  /** Seconds of the recording. */
  readonly from: number;
  readonly to: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Times real time. */
  readonly speed: number;
};

/**
 * When which part of a recording was worked on. Progress comes in steps; between two of them it is taken to be even.
 * The first part begins with the work and the last one ends with the answer, so that nothing is left out: neither the
 * start nor what is done at the end with the whole recording.
 */
export function partsOf({
  points,
  seconds,
  partSeconds,
  startMs,
  endMs,
}: {
  points: readonly ProgressPoint[];
  /** Length of the recording. */
  seconds: number;
  partSeconds: number;
  startMs: number;
  endMs: number;
}): Part[] {
  const count = Math.max(1, Math.round(seconds / partSeconds));
  const reached = risesOf(points, { startMs, endMs, seconds });
  return Array.from({ length: count }, (_, index) => {
    const from = index * partSeconds;
    const to = index === count - 1 ? seconds : from + partSeconds;
    const fromMs = index === 0 ? startMs : momentOf(reached, from);
    const toMs = index === count - 1 ? endMs : momentOf(reached, to);
    return { from, to, fromMs, toMs, speed: ((to - from) * 1000) / (toMs - fromMs) };
  });
}

/** Samples that were taken while a part was worked on. */
export function samplesOf<Sample extends { readonly atMs: number }>(
  samples: readonly Sample[],
  { fromMs, toMs }: Pick<Part, 'fromMs' | 'toMs'>,
): Sample[] {
  return samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
}

/** The points at which there was progress, between the start and the end. */
function risesOf(
  points: readonly ProgressPoint[],
  { startMs, endMs, seconds }: { startMs: number; endMs: number; seconds: number },
): ProgressPoint[] {
  const rises: ProgressPoint[] = [{ atMs: startMs, audioSeconds: 0 }];
  for (const point of points) {
    if (point.audioSeconds <= (rises.at(-1)?.audioSeconds ?? 0)) continue;
    if (point.atMs > startMs && point.atMs < endMs) rises.push(point);
  }
  return [...rises, { atMs: endMs, audioSeconds: seconds }];
}

/** When this second of the recording was reached. */
function momentOf(rises: readonly ProgressPoint[], seconds: number): number {
  const after = rises.findIndex(({ audioSeconds }) => audioSeconds >= seconds);
  const [before, next] = [rises[after - 1], rises[after]];
  if (before === undefined || next === undefined) return next?.atMs ?? Number.NaN;
  const share = (seconds - before.audioSeconds) / (next.audioSeconds - before.audioSeconds);
  return before.atMs + share * (next.atMs - before.atMs);
}
