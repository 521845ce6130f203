import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { asking } from './blob-error.js';
import { DiskBlobs, type DiskBlobsOptions } from './disk-blobs.js';
import { rangeOf } from './file-range.js';

/** Shared files in a folder that all machines see. */
export class FolderBlobs extends DiskBlobs {
  readonly #root: string;

  constructor(options: DiskBlobsOptions & { readonly root: string }) {
    super(options);
    this.#root = options.root;
  }

  putFile(name: string, file: { path: string; offset?: number; bytes?: number }): Promise<void> {
    return this.#write(name, (beside) =>
      this.disk.putStream(beside, createReadStream(file.path, rangeOf(file))),
    );
  }

  putBytes(name: string, bytes: Uint8Array): Promise<void> {
    return this.#write(name, (beside) => this.disk.put(beside, bytes));
  }

  /** Written beside and renamed: a name has all of its bytes from the first moment on. What is left goes with the folder. */
  #write(name: string, write: (beside: string) => Promise<void>): Promise<void> {
    const key = this.keyOf(name);
    const beside = `${key}.${randomBytes(8).toString('hex')}.part`;
    return asking('writing', async () => {
      try {
        await write(beside);
        await rename(join(this.#root, beside), join(this.#root, key));
      } catch (error) {
        await this.disk.delete(beside).catch(() => {});
        throw error;
      }
    });
  }
}
