import { type CpuUse, cpuBetween, readCpu } from '../support/cpu-time.js';
import { canWatchMemory, type MemoryPeaks, watchMemory } from '../support/process-memory.js';

/** What some work took. */
export type Spent = {
  readonly wallSeconds: number;
  /** Of all processes. Undefined where /proc is not there, like all that follows. */
  readonly cpuSeconds?: number;
  /** Highest sum at one moment: shared pages counted once (PSS), and in every process (RSS). */
  readonly peakPssBytes?: number;
  readonly peakRssBytes?: number;
  readonly cpuByProcess?: CpuUse['byName'];
  readonly peakByProcess?: readonly { readonly name: string; readonly bytes: number }[];
};

/** Does some work and measures it, and what the processes below `rootPid` need for it. */
export async function measureWork<Result>(
  rootPid: number,
  work: () => Promise<Result>,
): Promise<{ result: Result; spent: Spent }> {
  const watch = canWatchMemory ? watchMemory({ rootPid, everyMs: 500 }) : undefined;
  const before = readCpu(rootPid);
  const startedAt = performance.now();
  try {
    const result = await work();
    const wallSeconds = (performance.now() - startedAt) / 1000;
    const cpu = cpuBetween(before, readCpu(rootPid));
    return { result, spent: { wallSeconds, ...(watch && processFigures(cpu, watch.stop())) } };
  } finally {
    watch?.stop();
  }
}

function processFigures(cpu: CpuUse, memory: MemoryPeaks): Omit<Spent, 'wallSeconds'> {
  return {
    cpuSeconds: cpu.seconds,
    cpuByProcess: cpu.byName,
    peakPssBytes: memory.peakTotalPssBytes,
    peakRssBytes: memory.peakTotalRssBytes,
    peakByProcess: memory.processes.map(({ name, peakRssBytes }) => ({
      name,
      bytes: peakRssBytes,
    })),
  };
}
