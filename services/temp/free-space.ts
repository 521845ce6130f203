import { statfs } from 'node:fs/promises';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Room } from './room.js';

/** Folders, further files of a request and what other programs write meanwhile need some, too. */
const MARGIN_BYTES = 2 ** 20;
/** Others end at any moment, and what they have reserved and not written is free again. */
const RETRY_SECONDS = 15;

/**
 * Checks that the disk has room for `bytes` more besides what others were promised, before somebody sends them for
 * hours. Throws `storage_full` where the disk itself is too full, `uploads_full` where others have the rest of it.
 * Where the system does not tell, the disk says so when it is written.
 */
export async function checkFreeSpace(options: {
  readonly folder: string;
  /** What is to be written, and is part of `room` already. */
  readonly bytes: number;
  readonly room: Pick<Room, 'outstandingBytes'>;
}): Promise<void> {
  const { folder, bytes, room } = options;
  // Asked for before the wait: whoever comes later has to find room beside this one, and not the other way round.
  const outstandingBytes = room.outstandingBytes();
  const freeBytes = await freeSpaceOf(folder);
  if (freeBytes === undefined) return;
  const usableBytes = freeBytes - MARGIN_BYTES;
  if (bytes > usableBytes) throw new WhosaidError('storage_full');
  if (outstandingBytes > usableBytes) {
    const used = outstandingBytes - bytes;
    throw new WhosaidError('uploads_full', { used, limit: usableBytes, seconds: RETRY_SECONDS });
  }
}

/** What a program without privileges may still write there. */
async function freeSpaceOf(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
