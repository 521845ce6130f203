import type { AudioDecoder } from '#services/audio/types.js';
import { joinSamples } from '#utils/signal/pcm.js';

/** All of a recording in memory: 16 kHz mono. For recordings of minutes, not hours. */
export async function decodeAll(decoder: AudioDecoder, path: string): Promise<Int16Array> {
  const blocks: Int16Array[] = [];
  for await (const block of decoder.decode(path)) blocks.push(block);
  return joinSamples(blocks);
}
