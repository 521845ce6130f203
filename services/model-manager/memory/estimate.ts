import { stat } from 'node:fs/promises';
import type { ModelFilePath } from '../protocol.js';

/** What a host takes before it loads anything: Node and the native libraries. */
const BASE_BYTES = 100e6;
/** Weights in memory are laid out anew for the processor, and buffers come with them. */
const PER_FILE_BYTE = 1.3;

/**
 * About what a host takes once it has loaded these files, in bytes: a rule of thumb. What it really takes is known after
 * the first load. A file that is missing counts as nothing: the host says so.
 */
export async function estimateBytes(files: readonly ModelFilePath[]): Promise<number> {
  const sizes = await Promise.all(
    files.map(({ path }) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return BASE_BYTES + PER_FILE_BYTE * sizes.reduce((sum, size) => sum + size, 0);
}
