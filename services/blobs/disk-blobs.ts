import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Disk } from 'flydrive';
import { asking, BlobMissingError } from './blob-error.js';
import type { Blobs } from './types.js';

export type DiskBlobsOptions = {
  readonly disk: Disk;
  /** Names begin with this: empty, or it ends in `/`. */
  readonly prefix?: string;
};

/** What folders and buckets have in common. */
export abstract class DiskBlobs implements Blobs {
  protected readonly disk: Disk;
  readonly #prefix: string;

  constructor({ disk, prefix = '' }: DiskBlobsOptions) {
    this.disk = disk;
    this.#prefix = prefix;
  }

  abstract putFile(
    name: string,
    file: { path: string; offset?: number; bytes?: number },
  ): Promise<void>;

  abstract putBytes(name: string, bytes: Uint8Array): Promise<void>;

  appendTo(path: string, name: string): Promise<void> {
    return asking('reading', async () => {
      const stream = await this.disk.getStream(this.keyOf(name));
      await pipeline(stream, createWriteStream(path, { flags: 'a', mode: 0o600 }));
    });
  }

  async getBytes(name: string): Promise<Uint8Array | undefined> {
    try {
      return await asking('reading', () => this.disk.getBytes(this.keyOf(name)));
    } catch (error) {
      if (error instanceof BlobMissingError) return undefined;
      throw error;
    }
  }

  has(name: string): Promise<boolean> {
    return asking('looking', () => this.disk.exists(this.keyOf(name)));
  }

  async list(folder: string): Promise<string[]> {
    try {
      return await this.#list(folder);
    } catch (error) {
      // Folders of a bucket are there as long as something is in them; one on a disk may not be there yet.
      if (error instanceof BlobMissingError) return [];
      throw error;
    }
  }

  #list(folder: string): Promise<string[]> {
    return asking('listing', async () => {
      const names: string[] = [];
      for (let paginationToken: string | undefined; ; ) {
        const page = await this.disk.listAll(this.keyOf(folder), {
          recursive: false,
          ...(paginationToken !== undefined && { paginationToken }),
        });
        for (const { name } of page.objects) names.push(name);
        paginationToken = page.paginationToken;
        if (paginationToken === undefined) return names;
      }
    });
  }

  removeAll(folder: string): Promise<void> {
    return asking('removing', () => this.disk.deleteAll(this.keyOf(folder)));
  }

  protected keyOf(name: string): string {
    return `${this.#prefix}${name}`;
  }
}
