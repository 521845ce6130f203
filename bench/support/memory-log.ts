import { commandName, kilobytes, processTree, readProc } from './proc.js';

/** Memory of one process at one moment. */
export type ProcessMemory = {
  readonly pid: number;
  /** What it runs, from its command line. */
  readonly name: string;
  /** Resident set: pages shared with other processes count in each. */
  readonly rssBytes: number;
  /** Proportional set size: shared pages count once in all. */
  readonly pssBytes: number;
};

export type MemorySample = {
  /** `performance.now()` when it was taken. */
  readonly atMs: number;
  readonly processes: readonly ProcessMemory[];
};

/** A process and all its descendants now. Processes that are ending are left out. */
export function sampleMemory(rootPid: number): MemorySample {
  const processes = processTree(rootPid).flatMap((pid) => {
    const rssBytes = kilobytes(readProc(pid, 'status') ?? '', 'VmRSS');
    const pssBytes = kilobytes(readProc(pid, 'smaps_rollup') ?? '', 'Pss');
    return rssBytes === 0 ? [] : [{ pid, name: commandName(pid), rssBytes, pssBytes }];
  });
  return { atMs: performance.now(), processes };
}

/** Samples a process and all its descendants again and again until `stop()`. */
export function logMemory({ rootPid, everyMs }: { rootPid: number; everyMs: number }): {
  stop(): readonly MemorySample[];
} {
  const samples = [sampleMemory(rootPid)];
  const timer = setInterval(() => samples.push(sampleMemory(rootPid)), everyMs);
  return {
    stop() {
      clearInterval(timer);
      return samples;
    },
  };
}

/** Resident memory of all processes of a sample, or of those with some name. */
export function rssOf({ processes }: MemorySample, name?: string): number {
  return processes
    .filter((process) => name === undefined || process.name === name)
    .reduce((sum, { rssBytes }) => sum + rssBytes, 0);
}

/** The same with shared pages counted once. */
export function pssOf({ processes }: MemorySample, name?: string): number {
  return processes
    .filter((process) => name === undefined || process.name === name)
    .reduce((sum, { pssBytes }) => sum + pssBytes, 0);
}
