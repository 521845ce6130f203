import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testFolder } from './paths.js';

export type SmallDisk = {
  /** Where it is mounted. */
  readonly path: string;
  /** Writes until nothing fits any more, as other programs do; gives the path of what to remove. */
  fill(): Promise<string>;
  /** Unmounts it. */
  remove(): Promise<void>;
};

/** Why there can be no small disk here; false where there can. */
export const noSmallDisk: string | false =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'only root can mount a small disk, on Linux'
    : false;

/** A disk in memory of a few megabytes; undefined where root may not mount either, as in most containers. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const { path, remove } = await testFolder();
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path];
  if (spawnSync('mount', options).status !== 0) {
    await remove();
    return undefined;
  }
  return {
    path,
    async fill() {
      const filler = join(path, 'of-another-program');
      await writeFile(filler, Buffer.alloc(megabytes * 2 ** 20)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      });
      return filler;
    },
    async remove() {
      const { status, stderr } = spawnSync('umount', [path]);
      if (status !== 0) throw new Error(`${path} is still mounted: ${stderr}`);
      await remove();
    },
  };
}
