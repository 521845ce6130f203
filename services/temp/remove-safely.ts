import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** What Windows says while a file is still open somewhere (a virus scanner is enough), and a race with a writer. */
const RETRYABLE = new Set(['EBUSY', 'EPERM', 'EACCES', 'ENOTEMPTY', 'EMFILE', 'ENFILE']);
const PAUSES_MS = [20, 50, 100, 250, 500, 1000, 2000];

/**
 * Deletes a file or folder with all it holds; what is not there counts as deleted. Retries for about four seconds
 * where the system says it is in use. Never throws: returns the code of the last failure, undefined on success.
 */
export async function removeSafely(path: string): Promise<string | undefined> {
  for (let attempt = 0; ; attempt += 1) {
    const code = await remove(path);
    const pauseMs = PAUSES_MS[attempt];
    if (code === undefined || !RETRYABLE.has(code) || pauseMs === undefined) return code;
    await pause(pauseMs);
  }
}

async function remove(path: string): Promise<string | undefined> {
  try {
    await rm(path, { recursive: true, force: true });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
  }
}
