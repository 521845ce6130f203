import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lock } from 'proper-lockfile';

export type PullLockOptions = {
  /** Folder of the models; created when missing. */
  readonly folder: string;
  /** Ends waiting with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Called once when another process holds the lock. */
  readonly onWait?: (() => void) | undefined;
};

/** Pause between two looks at a lock that another process holds. */
const POLL_MS = 250;

/** A holder renews the lock every half of this. */
const STALE_MS = 5000;

/**
 * Waits until no other process pulls into the same folder; resolves with the function that lets the next one in.
 * The lock of a process that was killed counts as abandoned after five seconds.
 */
export async function acquirePullLock({
  folder,
  signal,
  onWait,
}: PullLockOptions): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  for (let isFirst = true; ; isFirst = false) {
    signal?.throwIfAborted();
    try {
      const release = await lock(folder, {
        lockfilePath: join(folder, '.pull.lock'),
        stale: STALE_MS,
        // Loss of the lock (a machine that slept) is harmless: files are checked before they are renamed into place.
        onCompromised: () => {},
      });
      return () => release().catch(() => {});
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (isFirst) onWait?.();
      await pause(POLL_MS, undefined, signal ? { signal } : {}).catch(() => {});
    }
  }
}
