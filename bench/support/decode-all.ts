import type { AudioDecoder } from '#services/audio/types.js';

/** All of a recording in memory: 16 kHz mono. For recordings of minutes, not hours. */
export async function decodeAll(decoder: AudioDecoder, path: string): Promise<Int16Array> {
  const blocks: Int16Array[] = [];
  for await (const block of decoder.decode(path)) blocks.push(block);
  const samples = new Int16Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    samples.set(block, at);
    at += block.length;
  }
  return samples;
}
