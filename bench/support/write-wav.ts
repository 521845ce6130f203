import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { encodeWav } from '#services/audio/wav.js';

const BYTES_PER_SAMPLE = 2;
/** Where the header of a WAV file with nothing but samples has its two sizes. */
const RIFF_SIZE_OFFSET = 4;
const DATA_SIZE_OFFSET = 40;

/**
 * Writes 16 kHz mono blocks as a WAV file of exactly `seconds`, one block in memory at a time. Ends with silence when
 * the blocks are shorter, and takes no more of them when they are longer. At most 37 hours: WAV holds 4 GB.
 */
export async function writeLongWav({
  path,
  seconds,
  blocks,
}: {
  path: string;
  seconds: number;
  blocks: Iterable<Int16Array>;
}): Promise<void> {
  await pipeline(Readable.from(longWav({ seconds, blocks })), createWriteStream(path));
}

/** Size of the file of `longWav`. */
export function longWavBytes(seconds: number): number {
  return emptyWav().length + sampleCount(seconds) * BYTES_PER_SAMPLE;
}

/** The bytes of the same file, block by block. */
export function* longWav({
  seconds,
  blocks,
}: {
  seconds: number;
  blocks: Iterable<Int16Array>;
}): Generator<Buffer> {
  const samples = sampleCount(seconds);
  const header = emptyWav();
  const dataBytes = samples * BYTES_PER_SAMPLE;
  header.writeUInt32LE(header.length - 8 + dataBytes, RIFF_SIZE_OFFSET);
  header.writeUInt32LE(dataBytes, DATA_SIZE_OFFSET);
  yield header;
  let left = samples;
  for (const block of blocks) {
    if (left === 0) return;
    const taken = block.subarray(0, left);
    left -= taken.length;
    yield Buffer.from(taken.buffer, taken.byteOffset, taken.byteLength);
  }
  for (; left > 0; left -= Math.min(left, SAMPLE_RATE))
    yield Buffer.alloc(Math.min(left, SAMPLE_RATE) * BYTES_PER_SAMPLE);
}

function sampleCount(seconds: number): number {
  return Math.round(seconds * SAMPLE_RATE);
}

/** A WAV file without samples: all of it is header. */
function emptyWav(): Buffer {
  return Buffer.from(encodeWav(new Int16Array(0)));
}
