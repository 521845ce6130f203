import { commandName, kilobytes, processTree, readProc } from './proc.js';

/** Highest memory seen of one process. */
export type ProcessPeak = {
  readonly pid: number;
  /** What it runs, from its command line. */
  readonly name: string;
  /** The kernel's own record of the peak resident set (VmHWM); shared pages count in every process. */
  readonly peakRssBytes: number;
};

export type MemoryPeaks = {
  /** Every process that lived while it was watched, also those that have ended since. */
  readonly processes: readonly ProcessPeak[];
  /** Highest sum of resident sets at one moment. */
  readonly peakTotalRssBytes: number;
  /** Highest sum of proportional set sizes at one moment: shared pages count once. Sampled less often. */
  readonly peakTotalPssBytes: number;
};

const POLL_MS = 200;
/** The kernel walks all pages for a PSS and holds the process up meanwhile. */
const POLLS_FOR_EACH_PSS = 10;

/** Whether this system has what watching needs: Linux's /proc. */
export const canWatchMemory = process.platform === 'linux';

/**
 * Watches a process and all its descendants until `stop()`. Processes that live shorter than `everyMs` (default 200) can
 * be missed.
 */
export function watchMemory({
  rootPid,
  everyMs = POLL_MS,
}: {
  rootPid: number;
  everyMs?: number;
}): { stop(): MemoryPeaks } {
  const peaks = new Map<number, ProcessPeak>();
  let peakTotalPssBytes = 0;
  let peakTotalRssBytes = 0;
  let polls = 0;

  const sample = () => {
    const pids = processTree(rootPid);
    let rss = 0;
    for (const pid of pids) {
      const status = readProc(pid, 'status') ?? '';
      const peakRssBytes = kilobytes(status, 'VmHWM');
      // A process that has just ended has no memory any more.
      if (peakRssBytes === 0) continue;
      rss += kilobytes(status, 'VmRSS');
      peaks.set(pid, { pid, name: peaks.get(pid)?.name ?? commandName(pid), peakRssBytes });
    }
    peakTotalRssBytes = Math.max(peakTotalRssBytes, rss);
    if (polls++ % POLLS_FOR_EACH_PSS !== 0) return;
    const pss = pids.map((pid) => kilobytes(readProc(pid, 'smaps_rollup') ?? '', 'Pss'));
    peakTotalPssBytes = Math.max(
      peakTotalPssBytes,
      pss.reduce((sum, bytes) => sum + bytes, 0),
    );
  };

  sample();
  const timer = setInterval(sample, everyMs);
  return {
    stop() {
      clearInterval(timer);
      sample();
      return { processes: [...peaks.values()], peakTotalPssBytes, peakTotalRssBytes };
    },
  };
}

/** The highest of two watches of the same processes. */
export function mergePeaks(one: MemoryPeaks, other: MemoryPeaks): MemoryPeaks {
  const processes = new Map(one.processes.map((peak) => [peak.pid, peak]));
  // The kernel's peak never falls: the later watch has the higher one.
  for (const peak of other.processes) processes.set(peak.pid, peak);
  return {
    processes: [...processes.values()],
    peakTotalRssBytes: Math.max(one.peakTotalRssBytes, other.peakTotalRssBytes),
    peakTotalPssBytes: Math.max(one.peakTotalPssBytes, other.peakTotalPssBytes),
  };
}
