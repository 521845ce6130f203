import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '#utils/logging/logger.js';
import { currentOwner, folderName, isAlive, ownerOf } from './owner.js';
import { removeSafely } from './remove-safely.js';

/** Only the owner of the process may look into a folder with somebody's recording. */
const PRIVATE = 0o700;
const RANDOM_BYTES = 16;

export type TempStoreOptions = {
  /** TEMP_DIR: made if it is not there. */
  readonly root: string;
  readonly logger: Logger;
};

/** A folder of one request. Close every handle inside before `remove()`: Windows deletes no open file. */
export type TempFolder = {
  /** Absolute if the root is. */
  readonly path: string;
  /** Deletes the folder and what it holds. Idempotent; never throws, a failure is logged. */
  remove(): Promise<void>;
};

export type TempStore = {
  /** The folder of this process under TEMP_DIR; everything of ours is inside. Undefined until the first `folder()`. */
  readonly path: string | undefined;
  /** Makes a new private folder with a name that cannot be guessed. Throws Error if the disk refuses. */
  folder(): Promise<TempFolder>;
  /** Removes what whosaid processes that no longer run left behind, and nothing else. Never throws; returns how many. */
  sweep(): Promise<number>;
  /** Removes the folder of this process. Idempotent; never throws. */
  dispose(): Promise<void>;
};

/** Temporary folders under `root`, all inside one folder that names its process. */
export function createTempStore(options: TempStoreOptions): TempStore {
  const { root, logger } = options;
  let own: Promise<string> | undefined;
  let ownPath: string | undefined;

  const makeOwn = async (): Promise<string> => {
    const path = join(root, folderName(await currentOwner(), randomName()));
    await mkdir(root, { recursive: true });
    await mkdir(path, { mode: PRIVATE });
    ownPath = path;
    return path;
  };

  const remove = async (path: string): Promise<boolean> => {
    const code = await removeSafely(path);
    if (code !== undefined) logger.warn('A temporary folder could not be removed', { code });
    return code === undefined;
  };

  return {
    get path() {
      return ownPath;
    },

    async folder() {
      own ??= makeOwn();
      const parent = await own.catch((error: unknown) => {
        own = undefined;
        throw error;
      });
      const path = join(parent, randomName());
      // Recursive: a cleaner of the system's temporary folder may have taken the parent in the meantime.
      await mkdir(path, { recursive: true, mode: PRIVATE });
      let removal: Promise<boolean> | undefined;
      return {
        path,
        async remove() {
          removal ??= remove(path);
          await removal;
        },
      };
    },

    async sweep() {
      const names = await readdir(root).catch(() => [] as string[]);
      let removed = 0;
      for (const name of names) {
        const owner = ownerOf(name);
        const path = join(root, name);
        if (owner === undefined || (await isAlive(owner)) || !(await isOurs(path))) continue;
        if (await remove(path)) removed += 1;
      }
      if (removed > 0) logger.info('Removed temporary folders of earlier runs', { removed });
      return removed;
    },

    async dispose() {
      const path = await own?.catch(() => undefined);
      own = undefined;
      ownPath = undefined;
      if (path !== undefined) await remove(path);
    },
  };
}

/** In a folder shared by all users, anybody may make a name that looks like ours. */
async function isOurs(path: string): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  if (info === undefined || !info.isDirectory()) return false;
  return process.getuid === undefined || info.uid === process.getuid();
}

function randomName(): string {
  return randomBytes(RANDOM_BYTES).toString('hex');
}
