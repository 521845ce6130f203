import { createWriteStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'express';
import type multer from 'multer';

/** A multer storage engine that writes into one request's folder and knows when every handle is closed. */
export type UploadStorage = multer.StorageEngine & {
  /** Resolves when nothing is written any more and no file is open; never rejects. */
  idle(): Promise<void>;
  /** Calls `listener` when a file cannot be written, such as on a full disk. */
  onError(listener: (error: Error) => void): void;
};

/** Files are called `upload-0`, `upload-1`, …: the client's names never reach the disk. */
export function createUploadStorage(options: { folder: string }): UploadStorage {
  const writes: Promise<unknown>[] = [];
  let report = (_error: Error): void => {};

  const store = async (file: Express.Multer.File): Promise<Partial<Express.Multer.File>> => {
    const path = join(options.folder, `upload-${writes.length}`);
    const output = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    const closed = new Promise<void>((resolve) => output.once('close', resolve));
    writes.push(closed);
    await pipeline(file.stream, output);
    await closed;
    return { path, size: output.bytesWritten };
  };

  return {
    _handleFile(_request: Request, file: Express.Multer.File, done) {
      store(file).then(
        (info) => done(null, info),
        (error: Error) => {
          report(error);
          done(error);
        },
      );
    },
    _removeFile(_request: Request, file: Express.Multer.File, done) {
      unlink(file.path).then(
        () => done(null),
        (error: Error) => done(error),
      );
    },
    onError(listener) {
      report = listener;
    },
    async idle() {
      await Promise.allSettled(writes);
    },
  };
}
