import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOnnxOutline } from '#services/onnx/outline.js';
import type { ModelFile } from '../catalogue.js';
import { type ExpectedFile, type FileState, type MeasuredFile, measureFile } from './file-check.js';

const FILE_NAME = 'pins.json';

/**
 * Remembers, beside the model, what those files were whose content the catalogue leaves open: one without a SHA-256, or
 * one that may be replaced by hand. The first file seen is pinned; from then on it must stay as it was. Deleting
 * `pins.json` lets another one be seen first.
 *
 * Writing is best effort (the folder may be read-only): this process remembers in any case.
 */
export class Pins {
  readonly #known = new Map<string, Promise<Map<string, MeasuredFile>>>();

  /** What the file in `folder` must be; undefined while nothing says so. */
  async expected(folder: string, file: ModelFile): Promise<ExpectedFile | undefined> {
    if (!isOpen(file)) return file;
    return (await this.#load(folder)).get(file.path);
  }

  /** Pins a file that nothing was known of, unless it is missing or damaged. */
  async pinFirst(folder: string, file: ModelFile): Promise<FileState> {
    const path = join(folder, file.path);
    const found = await measureFile(path);
    if (!found) return { state: 'missing' };
    const damage = await damageOf(path);
    if (damage !== undefined)
      return { state: 'wrong', expected: 'a whole ONNX file', received: `one of which ${damage}` };
    await this.pin(folder, file, found);
    return { state: 'right' };
  }

  /** A file that the catalogue knows all about is not pinned. */
  async pin(folder: string, file: ModelFile, { bytes, sha256 }: MeasuredFile): Promise<void> {
    if (!isOpen(file)) return;
    const known = await this.#load(folder);
    known.set(file.path, { bytes, sha256 });
    await save(folder, known);
  }

  #load(folder: string): Promise<Map<string, MeasuredFile>> {
    let known = this.#known.get(folder);
    if (!known) {
      known = readFile(join(folder, FILE_NAME), 'utf8')
        .then((text) => new Map(Object.entries(JSON.parse(text) as Record<string, MeasuredFile>)))
        .catch(() => new Map());
      this.#known.set(folder, known);
    }
    return known;
  }
}

function isOpen({ replaceable, bytes, sha256 }: ModelFile): boolean {
  return replaceable || bytes === undefined || sha256 === undefined;
}

async function damageOf(path: string): Promise<string | undefined> {
  if (!path.endsWith('.onnx')) return undefined;
  return readOnnxOutline(path).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

async function save(folder: string, pins: ReadonlyMap<string, MeasuredFile>): Promise<void> {
  const unique = join(folder, `${FILE_NAME}.${randomUUID()}`);
  try {
    await writeFile(unique, `${JSON.stringify(Object.fromEntries(pins), null, 2)}\n`);
    await rename(unique, join(folder, FILE_NAME));
  } catch {
    await rm(unique, { force: true }).catch(() => {});
  }
}
