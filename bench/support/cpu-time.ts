import { commandName, processTree, readProc } from './proc.js';

/** Processor time of one process until now, in seconds. */
type ProcessCpu = {
  readonly name: string;
  readonly own: number;
  /** Of its children that have ended. */
  readonly ended: number;
};

/** Processor time of a process and of everything below it until now, by process. */
export type CpuReading = ReadonlyMap<number, ProcessCpu>;

export type CpuUse = {
  /** Of all processes, those that ended meanwhile included. */
  readonly seconds: number;
  /** By what they run, most first; processes that ended count for whoever started them. */
  readonly byName: readonly { readonly name: string; readonly seconds: number }[];
};

/** Ticks of /proc in a second, on every Linux. */
const TICKS = 100;
/** Places of the times in /proc/<pid>/stat, counted from behind the name. */
const FIELDS = { user: 11, system: 12, endedUser: 13, endedSystem: 14 } as const;

/** Linux only: empty elsewhere. */
export function readCpu(rootPid: number): CpuReading {
  if (process.platform !== 'linux') return new Map();
  return new Map(
    processTree(rootPid).flatMap((pid): [number, ProcessCpu][] => {
      const stat = readProc(pid, 'stat');
      if (stat === undefined) return [];
      // The name stands in brackets and may hold anything.
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const at = (field: keyof typeof FIELDS) => (fields[FIELDS[field]] ?? 0) / TICKS;
      return [
        [
          pid,
          {
            name: commandName(pid),
            own: at('user') + at('system'),
            ended: at('endedUser') + at('endedSystem'),
          },
        ],
      ];
    }),
  );
}

/** What was used between two readings of the same root. */
export function cpuBetween(before: CpuReading, after: CpuReading): CpuUse {
  const names = new Map<string, number>();
  for (const [pid, { name, own, ended }] of after) {
    const seconds = own + ended - (before.get(pid)?.own ?? 0) - (before.get(pid)?.ended ?? 0);
    names.set(name, (names.get(name) ?? 0) + seconds);
  }
  // Those that ended are in the time of whoever waited for them, with what they had used before.
  for (const [pid, { name, own, ended }] of before)
    if (!after.has(pid)) names.set(name, (names.get(name) ?? 0) - own - ended);
  const byName = [...names]
    .map(([name, seconds]) => ({ name, seconds }))
    .sort((one, other) => other.seconds - one.seconds);
  return { seconds: byName.reduce((sum, { seconds }) => sum + seconds, 0), byName };
}
