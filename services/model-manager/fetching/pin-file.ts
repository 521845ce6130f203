import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fileVersion } from '#services/files/file-version.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { MeasuredFile } from './file-check.js';

const FILE_NAME = 'pins.json';

const pinsSchema = z.record(
  z.string(),
  z.object({ bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
);

/**
 * The pins of one model's folder, in `pins.json` beside its files: name → what the file was. Read again whenever the file
 * has changed, so that deleting it is enough to forget them.
 */
export class PinFile {
  readonly #path: string;
  #pins = new Map<string, MeasuredFile>();
  /** Of the file that `#pins` were read from; undefined for none. */
  #version: string | undefined;
  /** Calls wait for each other: what one writes, the next one has read. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#path = join(folder, FILE_NAME);
  }

  /** Rejects with `model_pins_unusable` where the file is there and cannot be read. */
  get(name: string): Promise<MeasuredFile | undefined> {
    return this.#next(async () => (await this.#refresh()).get(name));
  }

  /** Writing is best effort: the folder may be read-only, and this process remembers in any case. Rejects as `get`. */
  set(name: string, { bytes, sha256 }: MeasuredFile): Promise<void> {
    return this.#next(async () => {
      (await this.#refresh()).set(name, { bytes, sha256 });
      await this.#save();
    });
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => {});
    return run;
  }

  async #refresh(): Promise<Map<string, MeasuredFile>> {
    try {
      const version = await fileVersion(this.#path);
      if (version !== this.#version) {
        this.#pins = version === undefined ? new Map() : await readPins(this.#path);
        this.#version = version;
      }
      return this.#pins;
    } catch (cause) {
      throw this.#unusable(cause);
    }
  }

  async #save(): Promise<void> {
    const unique = `${this.#path}.${randomUUID()}`;
    try {
      await writeFile(unique, `${JSON.stringify(Object.fromEntries(this.#pins), null, 2)}\n`);
      await rename(unique, this.#path);
      // Somebody else may have written meanwhile: the next call reads what is there.
      this.#version = 'unread';
    } catch {
      await rm(unique, { force: true }).catch(() => {});
    }
  }

  #unusable(cause: unknown): WhosaidError {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === undefined ? 'it is damaged' : `it cannot be read (${code})`;
    return new WhosaidError('model_pins_unusable', { path: this.#path, reason }, { cause });
  }
}

async function readPins(path: string): Promise<Map<string, MeasuredFile>> {
  return new Map(Object.entries(pinsSchema.parse(JSON.parse(await readFile(path, 'utf8')))));
}
