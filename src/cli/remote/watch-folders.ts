import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type Recording, recordingsIn } from './find-recordings.js';

export type WatchOptions = {
  readonly folders: readonly string[];
  /** How long a file has to stay as it is before it is taken for whole. Default 2000. */
  readonly settleMs?: number;
  /** How often folders are looked at of which the system tells nothing, as those of other machines. Default 5000. */
  readonly lookEveryMs?: number;
  /** Recordings that are whole: those that are there already, then each that comes or changes. */
  readonly onRecordings: (recordings: readonly Recording[]) => void;
  readonly onProblem: (path: string, error: unknown) => void;
  readonly signal: AbortSignal;
};

type Seen = { readonly version: string; readonly sinceMs: number; readonly isTold: boolean };

/** Watches folders until the signal aborts, and resolves then. What the system tells only makes it look sooner. */
export async function watchFolders(options: WatchOptions): Promise<void> {
  const { folders, settleMs = 2000, lookEveryMs = 5000, signal, onRecordings, onProblem } = options;
  const seen = new Map<string, Seen>();
  let wake = new AbortController();
  const watchers = folders.flatMap((folder) => startWatcher(folder, () => wake.abort()));
  try {
    while (!signal.aborted) {
      wake = new AbortController();
      const found: Recording[] = [];
      for (const folder of folders) found.push(...(await recordingsIn(folder, onProblem)));
      const { whole, isUnsettled } = await sortSeen(found, { seen, settleMs });
      if (whole.length > 0) onRecordings(whole);
      // While something settles nobody has to say so.
      await sleep(
        isUnsettled ? settleMs / 2 : lookEveryMs,
        isUnsettled ? [signal] : [signal, wake.signal],
      );
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}

/** Those that have been the same for long enough and were not told yet, and whether there are others. */
async function sortSeen(
  found: readonly Recording[],
  { seen, settleMs }: { readonly seen: Map<string, Seen>; readonly settleMs: number },
): Promise<{ readonly whole: Recording[]; readonly isUnsettled: boolean }> {
  const whole: Recording[] = [];
  let isUnsettled = false;
  for (const recording of found) {
    const info = await stat(recording.path).catch(() => undefined);
    // One that is empty has only been begun.
    if (info === undefined || info.size === 0) continue;
    const version = `${info.size} ${info.mtimeMs}`;
    const before = seen.get(recording.path);
    const nowMs = performance.now();
    if (before?.version !== version) {
      seen.set(recording.path, { version, sinceMs: nowMs, isTold: false });
      isUnsettled = true;
    } else if (!before.isTold && nowMs - before.sinceMs >= settleMs) {
      seen.set(recording.path, { ...before, isTold: true });
      whole.push(recording);
    } else if (!before.isTold) isUnsettled = true;
  }
  return { whole, isUnsettled };
}

/** None where the system cannot watch: then only looking finds what is new. */
function startWatcher(folder: string, onChange: () => void): FSWatcher[] {
  try {
    // On Linux Node watches what is below by itself, and fails where folders come and go: there they are looked at.
    const watcher = watch(folder, { recursive: process.platform !== 'linux' }, onChange);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}

async function sleep(milliseconds: number, signals: readonly AbortSignal[]): Promise<void> {
  await pause(milliseconds, undefined, { signal: AbortSignal.any([...signals]) }).catch(() => {});
}
