import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files below a folder of the clone whose names pass, as paths from the clone with forward slashes. */
export function listFiles(root, folder, isWanted) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return listFiles(root, path, isWanted);
    return isWanted(entry.name) ? [path] : [];
  });
}

/** One hash of the names and contents of these files. Times say little after a clone, a copy or a change of branch. */
export function hashFiles(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}
