/**
 * What the header of a WAV file says about its length. FFmpeg corrects the claim to the size of the file, so a file
 * that was cut off looks complete; this is how it is told from one that is.
 */
export type WavClaim = {
  readonly dataBytes: number;
  readonly bytesPerSecond: number;
};

const CHUNK_HEADER_BYTES = 8;
const BYTE_RATE_OFFSET = 8;
/** Programs that could not go back to fill in the size wrote zero, or something close to 2^31 or 2^32. */
const PLACEHOLDER_FROM_BYTES = 2 ** 31 - 2 ** 16;

/** Undefined if `head` (the first bytes of a file) is no WAV header, or states a placeholder instead of a size. */
export function readWavClaim(head: Buffer): WavClaim | undefined {
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE')
    return undefined;
  let bytesPerSecond = 0;
  for (let at = 12; at + CHUNK_HEADER_BYTES <= head.length; ) {
    const name = head.toString('latin1', at, at + 4);
    const bytes = head.readUInt32LE(at + 4);
    const body = at + CHUNK_HEADER_BYTES;
    if (name === 'fmt ' && body + BYTE_RATE_OFFSET + 4 <= head.length) {
      bytesPerSecond = head.readUInt32LE(body + BYTE_RATE_OFFSET);
    }
    if (name === 'data') {
      const isPlaceholder = bytes === 0 || bytes >= PLACEHOLDER_FROM_BYTES;
      return isPlaceholder || bytesPerSecond === 0
        ? undefined
        : { dataBytes: bytes, bytesPerSecond };
    }
    // Chunks start at even offsets.
    at = body + bytes + (bytes % 2);
  }
  return undefined;
}
