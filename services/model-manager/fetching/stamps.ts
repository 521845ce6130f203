import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExpectedFile } from './file-check.js';

type Stamp = { readonly sha256: string; readonly bytes: number; readonly mtimeMs: number };

/**
 * Remembers which files have been hashed and found right, so that a start reads sizes and times instead of whole
 * models. A file that changed since no longer fits its stamp. Losing stamps costs a rehash, nothing else; so writing
 * them is best effort (the folder may be read-only).
 */
export class Stamps {
  readonly #folder: string;
  readonly #path: string;
  #known: Promise<Map<string, Stamp>> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, '.verified.json');
  }

  /** True when `path` was found to have this hash and has not been touched since. */
  async fits(path: string, expected: ExpectedFile): Promise<boolean> {
    const stats = await stat(path).catch(() => undefined);
    const stamp = (await this.#load()).get(path);
    return (
      stats !== undefined &&
      stamp !== undefined &&
      stamp.sha256 === expected.sha256 &&
      stats.size === expected.bytes &&
      stamp.mtimeMs === stats.mtimeMs
    );
  }

  /** Does nothing for a file of which not all is known. */
  async record(path: string, { bytes, sha256 }: ExpectedFile): Promise<void> {
    if (bytes === undefined || sha256 === undefined) return;
    const known = await this.#load();
    known.set(path, { sha256, bytes, mtimeMs: (await stat(path)).mtimeMs });
    await this.#save(known);
  }

  async forget(path: string): Promise<void> {
    const known = await this.#load();
    if (known.delete(path)) await this.#save(known);
  }

  #load(): Promise<Map<string, Stamp>> {
    this.#known ??= readFile(this.#path, 'utf8')
      .then((text) => new Map(Object.entries(JSON.parse(text) as Record<string, Stamp>)))
      .catch(() => new Map());
    return this.#known;
  }

  async #save(known: ReadonlyMap<string, Stamp>): Promise<void> {
    const unique = `${this.#path}.${randomUUID()}`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(unique, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`);
      await rename(unique, this.#path);
    } catch {
      await rm(unique, { force: true }).catch(() => {});
    }
  }
}
