import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readOnnxOutline } from '#services/onnx/outline.js';
import type { ModelFile } from '../catalogue.js';
import { type ExpectedFile, type FileState, type MeasuredFile, measureFile } from './file-check.js';
import { PinFile } from './pin-file.js';

/**
 * Remembers, beside the model, what those files were whose content the catalogue leaves open: one without a SHA-256, or
 * one that may be replaced by hand. The first file seen is pinned; from then on it must stay as it was. Deleting
 * `pins.json` lets another one be seen first. All calls reject with `model_pins_unusable` where that cannot be read.
 */
export class Pins {
  readonly #files = new Map<string, PinFile>();

  /** What the file in `folder` must be; undefined while nothing says so. */
  async expected(folder: string, file: ModelFile): Promise<ExpectedFile | undefined> {
    return isOpen(file) ? this.#in(folder).get(file.path) : file;
  }

  /** Pins a file that nothing was known of, unless it is missing or damaged. */
  async pinFirst(folder: string, file: ModelFile): Promise<FileState> {
    const path = join(folder, file.path);
    const stats = await stat(path).catch(() => undefined);
    if (!stats?.isFile()) return { state: 'missing' };
    const damage = await damageOf(path);
    if (damage !== undefined)
      return { state: 'wrong', expected: 'a whole ONNX file', received: `one of which ${damage}` };
    const found = await measureFile(path);
    if (!found) return { state: 'missing' };
    await this.pin(folder, file, found);
    return { state: 'right' };
  }

  /** A file that the catalogue knows all about is not pinned. */
  async pin(folder: string, file: ModelFile, found: MeasuredFile): Promise<void> {
    if (isOpen(file)) await this.#in(folder).set(file.path, found);
  }

  #in(folder: string): PinFile {
    const known = this.#files.get(folder) ?? new PinFile(folder);
    this.#files.set(folder, known);
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
