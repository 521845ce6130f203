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
  /** Highest sum of proportional set sizes of all processes at one moment: shared pages count once. */
  readonly peakTotalPssBytes: number;
  /** Highest sum of resident sets at one moment. */
  readonly peakTotalRssBytes: number;
};

const POLL_MS = 100;

/** Whether this system has what watching needs: Linux's /proc. */
export const canWatchMemory = process.platform === 'linux';

/**
 * Watches a process and all its descendants until `stop()`. Processes living shorter than a tenth of a second can be
 * missed.
 */
export function watchMemory({ rootPid }: { rootPid: number }): { stop(): MemoryPeaks } {
  const peaks = new Map<number, ProcessPeak>();
  let peakTotalPssBytes = 0;
  let peakTotalRssBytes = 0;

  const sample = () => {
    let pss = 0;
    let rss = 0;
    for (const pid of processTree(rootPid)) {
      const status = readProc(pid, 'status');
      if (status === undefined) continue;
      rss += kilobytes(status, 'VmRSS');
      pss += kilobytes(readProc(pid, 'smaps_rollup') ?? '', 'Pss');
      const peakRssBytes = kilobytes(status, 'VmHWM');
      peaks.set(pid, { pid, name: peaks.get(pid)?.name ?? commandName(pid), peakRssBytes });
    }
    peakTotalPssBytes = Math.max(peakTotalPssBytes, pss);
    peakTotalRssBytes = Math.max(peakTotalRssBytes, rss);
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
