import { join } from 'node:path';
import type { ModelFile } from '../catalogue.js';
import { checkFile, type ExpectedFile, type FileState, measureFile } from './file-check.js';
import { FileLooks } from './file-looks.js';
import { Pins } from './pins.js';
import { Stamps } from './stamps.js';

/**
 * Whether files of models are what they must be: what the catalogue says, or where that leaves it open, what they were
 * when they were first seen. All calls reject with `model_pins_unusable` where the latter cannot be told.
 */
export class CheckedFiles {
  readonly #stamps: Stamps;
  readonly #pins = new Pins();
  readonly #looks = new FileLooks();

  /** What was found right is remembered in `modelsDir`. */
  constructor(modelsDir: string) {
    this.#stamps = new Stamps(modelsDir);
  }

  /** Reads the file only if it has changed since it was read last. */
  async isRight(folder: string, file: ModelFile): Promise<boolean> {
    const expected = await this.#pins.expected(folder, file);
    if (expected && (await this.#stamps.fits(join(folder, file.path), expected))) return true;
    return (await this.#stateOf(folder, file)).state === 'right';
  }

  /** Reads the file. What is found counts from now on, whatever was found before. */
  async readAgain(folder: string, file: ModelFile): Promise<FileState> {
    const path = join(folder, file.path);
    await this.#stamps.forget(path);
    this.#looks.forget(path);
    return this.#stateOf(folder, file);
  }

  /** What a file must be that is fetched: what the catalogue says; where it does not say, what was there before. */
  async wanted(folder: string, file: ModelFile): Promise<ExpectedFile> {
    if (file.sha256 !== undefined) return file;
    return (await this.#pins.expected(folder, file)) ?? file;
  }

  /** Remembers a file that was fetched and found to be `wanted`. */
  async addFetched(folder: string, file: ModelFile, wanted: ExpectedFile): Promise<void> {
    const path = join(folder, file.path);
    const { bytes, sha256 } = wanted;
    const isKnown = bytes !== undefined && sha256 !== undefined;
    const found = isKnown ? { bytes, sha256 } : await measureFile(path);
    if (!found) return;
    await this.#stamps.record(path, found);
    await this.#pins.pin(folder, file, found);
  }

  /** One that nothing is known of yet is taken as it is and pinned. */
  async #stateOf(folder: string, file: ModelFile): Promise<FileState> {
    const path = join(folder, file.path);
    const expected = await this.#pins.expected(folder, file);
    const state = await this.#looks.state(path, expected, () =>
      expected ? checkFile(path, expected) : this.#pins.pinFirst(folder, file),
    );
    if (state.state === 'right')
      await this.#stamps.record(path, (await this.#pins.expected(folder, file)) ?? file);
    return state;
  }
}
