import { open } from 'node:fs/promises';
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from '#services/audio/pcm.js';

const BLOCK_BYTES = 30 * SAMPLE_RATE * BYTES_PER_SAMPLE;

/** The samples of a file: signed 16-bit, as this machine writes them. */
export async function* pcmBlocks(path: string): AsyncGenerator<Int16Array, void, void> {
  for (let at = 0; ; at += BLOCK_BYTES) {
    const block = await readBlock(path, at);
    if (block.length > 0) yield block;
    if (block.byteLength < BLOCK_BYTES) return;
  }
}

/** The file is open no longer than that: whoever stops reading may never say so. */
async function readBlock(path: string, at: number): Promise<Int16Array> {
  const file = await open(path, 'r');
  try {
    const block = new Uint8Array(BLOCK_BYTES);
    let filled = 0;
    for (let bytes = -1; bytes !== 0 && filled < BLOCK_BYTES; filled += bytes)
      bytes = (await file.read(block, filled, BLOCK_BYTES - filled, at + filled)).bytesRead;
    return new Int16Array(block.buffer, 0, Math.floor(filled / BYTES_PER_SAMPLE));
  } finally {
    await file.close();
  }
}
