import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

export type SaveBodyOptions = {
  readonly response: IncomingMessage;
  /** File that is made; there must be none. */
  readonly path: string;
  readonly maxBytes: number;
  /** Told how many bytes there are so far, before the last of them are written; may throw. */
  readonly onBytes: (bytes: number) => void;
};

/**
 * Writes a body to a file for its owner alone, as it comes. Rejects with `upload_too_large`, what `onBytes` throws, or
 * the error of the connection or the disk; then the file is gone.
 * @returns the number of bytes
 */
export async function saveBody(options: SaveBodyOptions): Promise<number> {
  const { response, path, maxBytes, onBytes } = options;
  const announced = Number(response.headers['content-length'] ?? 0);
  const refuse = (received: number): void => {
    if (received > maxBytes)
      throw new WhosaidError('upload_too_large', { limit: maxBytes, received });
  };
  let bytes = 0;
  const count = async function* (body: AsyncIterable<Buffer>) {
    for await (const chunk of body) {
      bytes += chunk.length;
      refuse(bytes);
      onBytes(bytes);
      yield chunk;
    }
  };
  try {
    refuse(announced);
  } catch (error) {
    response.destroy();
    throw error;
  }
  const output = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  let isMade = false;
  output.once('open', () => {
    isMade = true;
  });
  const closed = new Promise<void>((resolve) => output.once('close', resolve));
  try {
    await pipeline(response, count, output);
    await closed;
    return bytes;
  } catch (error) {
    response.destroy();
    await closed;
    // A file of that name that was there before is somebody else's.
    if (isMade) await rm(path, { force: true });
    throw error;
  }
}
