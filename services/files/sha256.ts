import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

export type Sha256Options = {
  /** Stops reading; the promise rejects with an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Only so many bytes from the beginning. Default: the whole file. */
  readonly bytes?: number;
};

/** Hash of a file's content, in hexadecimal. Rejects as reading does. */
export async function sha256OfFile(path: string, options: Sha256Options = {}): Promise<string> {
  const { signal, bytes = Infinity } = options;
  const hash = createHash('sha256');
  // `end` is the last byte that is read.
  if (bytes > 0)
    await pipeline(
      createReadStream(path, { highWaterMark: 1 << 20, end: bytes - 1 }),
      hash,
      signal ? { signal } : {},
    );
  return hash.digest('hex');
}
