/** Which cores each worker may use, and what that means. */
export type CoreShares = {
  /** Cores by worker, by their number; undefined: wherever the system puts it. */
  readonly cores: readonly (number | undefined)[];
  /** In words, for the report. */
  readonly text: string;
};

/** Gives each worker one whole core, in turn: with more workers than cores some share one. */
export function coreShares({
  workers,
  cores,
  canPin,
}: {
  workers: number;
  cores: number;
  /** Whether processes can be kept on a core here. */
  canPin: boolean;
}): CoreShares {
  const each = Array.from({ length: workers }, (_, worker) => worker);
  if (!canPin)
    return { cores: each.map(() => undefined), text: 'not pinned: there is no taskset here' };
  const most = Math.ceil(workers / cores);
  return {
    cores: each.map((worker) => worker % cores),
    text:
      most === 1
        ? 'one core each'
        : `up to ${most} on each of ${cores} cores, so no gain beyond the cores is to be expected`,
  };
}
