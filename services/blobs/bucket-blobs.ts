import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { asking } from './blob-error.js';
import { DiskBlobs } from './disk-blobs.js';
import { rangeOf } from './file-range.js';

/** Shared files in a bucket of S3, or of a server that speaks it. An object is there when it is there as a whole. */
export class BucketBlobs extends DiskBlobs {
  putFile(name: string, file: { path: string; offset?: number; bytes?: number }): Promise<void> {
    return asking('writing', async () => {
      const { offset = 0 } = file;
      const { size } = await stat(file.path);
      // It has to be said in advance.
      const contentLength = Math.min(file.bytes ?? Number.POSITIVE_INFINITY, size - offset);
      const stream = createReadStream(file.path, rangeOf({ offset, bytes: contentLength }));
      await this.disk.putStream(this.keyOf(name), stream, { contentLength });
    });
  }

  putBytes(name: string, bytes: Uint8Array): Promise<void> {
    return asking('writing', () => this.disk.put(this.keyOf(name), bytes));
  }
}
