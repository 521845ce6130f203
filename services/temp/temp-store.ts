import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '#utils/logging/logger.js';
import { checkFreeSpace } from './free-space.js';
import { makeFolder } from './make-folder.js';
import { currentOwner, folderName, isAlive, ownerOf } from './owner.js';
import { removeSafely } from './remove-safely.js';
import { createRoom, type Reservation } from './room.js';

/** Only the owner of the process may look into a folder with somebody's recording. */
const PRIVATE = 0o700;
const RANDOM_BYTES = 16;

export type TempStoreOptions = {
  /** TEMP_DIR: made if it is not there. */
  readonly root: string;
  /** What all uploads together may take; default: as much as the disk has. */
  readonly maxBytes?: number;
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
  /**
   * Makes a new private folder with a name that cannot be guessed. Throws Error if the disk refuses, and after `dispose`.
   */
  folder(): Promise<TempFolder>;
  /**
   * Sets room aside for an upload, before it comes: its length, where it is known, or nothing, and what has come later
   * on. Rejects with `upload_never_fits`, `uploads_full` or `storage_full`.
   */
  reserve(bytes?: number): Promise<Reservation>;
  /** What uploads have reserved, of which a part is written. */
  usedBytes(): number;
  /** Removes what whosaid processes that no longer run left behind, and nothing else. Never throws; returns how many. */
  sweep(): Promise<number>;
  /** Removes the folder of this process. Idempotent; never throws. */
  dispose(): Promise<void>;
};

/** Temporary folders under `root`, all inside one folder that names its process. */
export function createTempStore(options: TempStoreOptions): TempStore {
  const { root, maxBytes = Number.POSITIVE_INFINITY, logger } = options;
  const room = createRoom({ limitBytes: maxBytes });
  let own: Promise<string> | undefined;
  let ownPath: string | undefined;

  let isDisposed = false;

  const makeOwn = async (): Promise<string> => {
    if (isDisposed) throw new Error('The temporary folders have been removed for good.');
    const path = join(root, folderName(await currentOwner(), randomName()));
    await makeFolder(root);
    await mkdir(path, { mode: PRIVATE });
    ownPath = path;
    return path;
  };

  const remove = async (path: string): Promise<boolean> => {
    const code = await removeSafely(path);
    if (code !== undefined) logger.warn('A temporary folder could not be removed', { code });
    return code === undefined;
  };

  /** A cleaner of the system's temporary folder may have taken the one that was made, and anybody its name. */
  const usableOwn = async (): Promise<string> => {
    own ??= makeOwn();
    const made = own;
    const path = await made.catch(() => undefined);
    if (path !== undefined && (await isOurs(path))) return path;
    // Of several who find it gone, one makes another.
    if (own === made) own = makeOwn();
    return own;
  };

  return {
    get path() {
      return ownPath;
    },

    usedBytes: room.usedBytes,

    async reserve(bytes = 0) {
      const reservation = room.reserve(bytes);
      try {
        await checkFreeSpace({ folder: root, bytes, room });
      } catch (error) {
        reservation.release();
        throw error;
      }
      return reservation;
    },

    async folder() {
      const path = join(await usableOwn(), randomName());
      await mkdir(path, { mode: PRIVATE });
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
      isDisposed = true;
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
