import { stat } from 'node:fs/promises';

/** Something that changes when a file does; undefined where there is none. Throws as `stat` does otherwise. */
export async function fileVersion(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs, ctimeMs, ino } = await stat(path);
    return [size, mtimeMs, ctimeMs, ino].join();
  } catch (error) {
    // A folder on the way that is a file: there is nothing behind it either.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}
