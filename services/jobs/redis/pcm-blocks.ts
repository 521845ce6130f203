import { open } from 'node:fs/promises';
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from '#services/audio/pcm.js';

const BLOCK_SECONDS = 10;

/** The samples of a file: signed 16-bit, as this machine writes them. */
export async function* pcmBlocks(path: string): AsyncGenerator<Int16Array, void, void> {
  const file = await open(path, 'r');
  try {
    for (;;) {
      // A block of its own each time: whoever gets it may keep it.
      const buffer = new Int16Array(BLOCK_SECONDS * SAMPLE_RATE);
      const { bytesRead } = await file.read(buffer, 0, buffer.byteLength);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, Math.floor(bytesRead / BYTES_PER_SAMPLE));
    }
  } finally {
    await file.close();
  }
}
