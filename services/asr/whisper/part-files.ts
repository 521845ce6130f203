import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { currentOwner, folderName, isAlive, ownerOf } from '#services/temp/owner.js';

const ENDING = '.part';
/** Nobody works on one file for so long. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/** Where to write what will be `path` once it is whole. The name says whose it is. */
export async function partPath(path: string): Promise<string> {
  const random = randomUUID().replaceAll('-', '');
  return `${path}.${folderName(await currentOwner(), random)}${ENDING}`;
}

/** Removes what processes left that ended before `path` was whole. Best effort. */
export async function removeAbandonedParts(path: string): Promise<void> {
  const [folder, start] = [dirname(path), `${basename(path)}.`];
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(start) || !name.endsWith(ENDING)) continue;
    const part = join(folder, name);
    if (await isAbandoned(part, name.slice(start.length, -ENDING.length)))
      await rm(part, { force: true }).catch(() => {});
  }
}

/** Of a process on another machine or in another container nobody can tell here whether it lives: time tells. */
async function isAbandoned(part: string, ownerName: string): Promise<boolean> {
  const owner = ownerOf(ownerName);
  if (owner && !(await isAlive(owner))) return true;
  const stats = await stat(part).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.ctimeMs > ABANDONED_MS;
}
