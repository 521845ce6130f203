import { createReadStream, createWriteStream } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SAMPLE_RATE } from '#services/asr/types.js';
import type { Multipart } from '../middleware/multipart.js';
import type { ReceivedFile } from '../middleware/received-parts.js';

const BYTES_PER_SAMPLE = 2;
const HEADER_BYTES = 44;
/** The largest size that a WAV header can state; decoders read on to the end of the file. */
const MAX_STATED_BYTES = 2 ** 32 - 1;

type RawUpload = Pick<Multipart, 'folder' | 'takeRoom'> & {
  readonly file?: Pick<ReceivedFile, 'path' | 'bytes'>;
};

/**
 * Bare samples (signed 16 bit little endian, 16 kHz, one channel) as the WAV file that they would be: decoders need to
 * be told what they are. A file that is WAV already stays as it is, since clients say "do not encode" of those too.
 */
export async function rawPcmAsWav(upload: RawUpload): Promise<RawUpload> {
  const { file, folder } = upload;
  if (file === undefined || file.bytes === 0 || (await isWav(file.path))) return upload;
  const sampleBytes = file.bytes - (file.bytes % BYTES_PER_SAMPLE);
  if (sampleBytes === 0) return { ...upload, file: { ...file, bytes: 0 } };
  // For a moment both are there.
  upload.takeRoom(HEADER_BYTES + sampleBytes);
  const path = join(folder, 'samples.wav');
  const output = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  output.write(wavHeader(sampleBytes));
  await pipeline(createReadStream(file.path, { end: sampleBytes - 1 }), output);
  await unlink(file.path);
  return { ...upload, file: { path, bytes: HEADER_BYTES + sampleBytes } };
}

async function isWav(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0);
    const head = buffer.toString('latin1', 0, bytesRead);
    return head.startsWith('RIFF') && head.endsWith('WAVE');
  } finally {
    await file.close();
  }
}

function wavHeader(sampleBytes: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(Math.min(sampleBytes + HEADER_BYTES - 8, MAX_STATED_BYTES), 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  // PCM, one channel.
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(Math.min(sampleBytes, MAX_STATED_BYTES), 40);
  return header;
}
