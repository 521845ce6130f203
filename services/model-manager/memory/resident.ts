/** A model that may be in memory: its pool of hosts. */
export type Resident = {
  /** Catalogue id, or what it is called in the health report. */
  readonly model: string;
  /** It gives way after all others. */
  readonly isDefault: boolean;
  /** Nothing is in work, and nothing waits for it. */
  readonly isIdle: boolean;
  /** `performance.now()` when it last began or ended some work, or was loaded. */
  readonly lastUsedMs: number;
  /** Resident memory of its processes, as they last told. */
  readonly rssBytes: number;
  /** Ends its processes as soon as what is in work is done. Never rejects. */
  unload(): Promise<void>;
};

/** What a model needs to be loaded. */
export type MemoryNeed = {
  readonly model: string;
  /** Of one host when it is just loaded, as far as is known. */
  readonly leastBytes: number;
  /** Of one host at work, as far as is known. */
  readonly bytesOfHost: number;
  /** Hosts that are wanted. */
  readonly hosts: number;
};

type Loaded = { readonly resident: Resident; readonly sinceMs: number };
type Times = { readonly nowMs: number; readonly holdMs: number; readonly turnMs: number };

/** How long a model is still to be kept when another one waits for room; 0 or less: not any longer. */
export function restMs({ resident, sinceMs }: Loaded, { nowMs, holdMs, turnMs }: Times): number {
  const turnRestMs = sinceMs + turnMs - nowMs;
  if (!resident.isIdle) return turnRestMs;
  return Math.min(turnRestMs, resident.lastUsedMs + holdMs - nowMs);
}

/**
 * Which model gives way now: of those that are idle the one that was not used for longest, the default one last; where
 * none is idle and `mayDrain`, the one that has been there for longest. Undefined: none as yet.
 */
export function toLetGo(
  loaded: readonly Loaded[],
  { mayDrain, ...times }: Times & { readonly mayDrain: boolean },
): Resident | undefined {
  const over = loaded.filter((each) => restMs(each, times) <= 0);
  const [idle] = over
    .map(({ resident }) => resident)
    .filter(({ isIdle }) => isIdle)
    .sort(
      (one, other) =>
        Number(one.isDefault) - Number(other.isDefault) || one.lastUsedMs - other.lastUsedMs,
    );
  if (idle || !mayDrain) return idle;
  return over.sort((one, other) => one.sinceMs - other.sinceMs)[0]?.resident;
}
