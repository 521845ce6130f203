import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

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

/** Watches a process and all its descendants until `stop()`. Processes that live shorter than 0.2 s can be missed. */
export function watchMemory({ rootPid }: { rootPid: number }): { stop(): MemoryPeaks } {
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
  const timer = setInterval(sample, POLL_MS);
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

/** The process and everything below it, parents first. */
function processTree(rootPid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const parent = Number(/^PPid:\s+(\d+)/m.exec(readProc(pid, 'status') ?? '')?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(rootPid);
}

/** Undefined when the process has ended. */
function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

function kilobytes(text: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
}

/** "node engine-host-main.js", "npm start", "sh". */
function commandName(pid: number): string {
  const [program = '', ...rest] = (readProc(pid, 'cmdline') ?? '')
    .split('\0')
    .filter((part) => part !== '');
  const script = rest.find((part) => !part.startsWith('-'));
  return [basename(program), ...(script === undefined ? [] : [basename(script)])].join(' ');
}
