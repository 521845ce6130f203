import { readFileSync } from 'node:fs';

/** A native call can touch some gigabytes in a second. */
const LOOK_EVERY_MS = 100;

export type MemoryWatchOptions = {
  readonly pid: number | undefined;
  /** Resident memory from which `onExceeded` is called, once. */
  readonly maxMemoryBytes: number;
  readonly onExceeded: () => void;
};

/**
 * Watches a process's resident memory from outside: a child looks at its own between two steps only, and one step of
 * native code can take all there is. Only Linux shows other processes as files; elsewhere nothing is watched.
 */
export class MemoryWatch {
  /** Whether the process took more than it may. */
  exceeded = false;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor({ pid, maxMemoryBytes, onExceeded }: MemoryWatchOptions) {
    if (pid === undefined || residentBytes(pid) === undefined) return;
    this.#timer = setInterval(() => {
      if ((residentBytes(pid) ?? 0) <= maxMemoryBytes) return;
      this.exceeded = true;
      this.stop();
      onExceeded();
    }, LOOK_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** In `status` the kernel counts in kilobytes; in `statm` in pages, of which Node does not know the size. */
function residentBytes(pid: number): number | undefined {
  try {
    const [, kilobytes] =
      /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
