/** Sample rate, in Hz, of the one form of audio behind the decoder: 16 kHz, mono, signed 16 bit. */
export const SAMPLE_RATE = 16_000;

/** Blocks of samples as one, in order. A single block is returned as it is, not copied. */
export function joinSamples(blocks: readonly Int16Array[]): Int16Array {
  const [only] = blocks;
  if (only && blocks.length === 1) return only;
  const joined = new Int16Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    joined.set(block, at);
    at += block.length;
  }
  return joined;
}
