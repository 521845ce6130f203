import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STORED_KINDS, type StoredKind } from './figures.js';

const EVERY_MS = 100;

/**
 * Looks at a folder of shared files until `stop()`, which gives the bytes of all that lay there, by kind: most are removed
 * with the end of their job. A file that is there for less than 0.1 s can be missed.
 */
export function watchStore(folder: string): { stop(): Promise<Record<StoredKind, number>> } {
  const sizes = new Map<string, number>();
  let isWatching = true;
  const watching = (async () => {
    while (isWatching) {
      await look(folder, sizes);
      await sleep(EVERY_MS);
    }
    await look(folder, sizes);
  })();
  return {
    async stop() {
      isWatching = false;
      await watching;
      const bytesOf = (kind: StoredKind): number =>
        [...sizes].reduce((sum, [path, bytes]) => (isOf(path, kind) ? sum + bytes : sum), 0);
      return Object.fromEntries(STORED_KINDS.map((kind) => [kind, bytesOf(kind)])) as Record<
        StoredKind,
        number
      >;
    },
  };
}

async function look(folder: string, sizes: Map<string, number>): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    // Whatever goes meanwhile was seen before, or is seen no more.
    const size = entry.isFile() ? (await stat(path).catch(() => undefined))?.size : undefined;
    if (size !== undefined) sizes.set(path, Math.max(size, sizes.get(path) ?? 0));
  }
}

/** `jobs/<id>/<kind>` and what is below it. */
function isOf(path: string, kind: StoredKind): boolean {
  return new RegExp(`/jobs/[^/]+/${kind}(/[^/]+)?$`).test(path);
}
