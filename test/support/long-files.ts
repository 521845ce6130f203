import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav } from '#services/audio/wav.js';
import { encodeMedia } from './encode-media.js';

const WAV_HEADER_BYTES = 44;

/** Writes a WAV file that repeats `samples` (16 kHz mono) until it is `seconds` long. */
export async function makeLongWav(
  path: string,
  samples: Int16Array,
  seconds: number,
): Promise<void> {
  const bytes = Buffer.from(encodeWav(samples));
  const dataBytes = seconds * 32_000;
  const header = Buffer.from(bytes.subarray(0, WAV_HEADER_BYTES));
  header.writeUInt32LE(dataBytes + WAV_HEADER_BYTES - 8, 4);
  header.writeUInt32LE(dataBytes, 40);
  await repeat({ path, header, body: bytes.subarray(WAV_HEADER_BYTES), bodyBytes: dataBytes });
}

/**
 * Writes a stereo mp3 file of about `seconds`: one encoding of `samples`, its frames repeated. `bitRate` is 128,000
 * unless it is given.
 */
export async function makeLongMp3(
  options: { readonly folder: string; readonly name: string; readonly bitRate?: number },
  samples: Int16Array,
  seconds: number,
): Promise<string> {
  const once = join(options.folder, `${options.name}.once`);
  encodeMedia(once, samples, {
    format: 'mp3',
    // Bare frames: a header that counts them would be wrong after they are repeated.
    formatOptions: { write_xing: '0', id3v2_version: '0' },
    audio: {
      codec: 'libmp3lame',
      sampleFormat: 's16p',
      sampleRate: 44_100,
      channels: 2,
      bitRate: options.bitRate ?? 128_000,
    },
  });
  const body = await readFile(once);
  const path = join(options.folder, options.name);
  const times = Math.ceil((seconds * 16_000) / samples.length);
  await repeat({ path, header: Buffer.alloc(0), body, bodyBytes: body.length * times });
  return path;
}

async function repeat(options: {
  readonly path: string;
  readonly header: Buffer;
  readonly body: Buffer;
  readonly bodyBytes: number;
}): Promise<void> {
  const file = await open(options.path, 'w');
  try {
    await file.write(options.header);
    for (let left = options.bodyBytes; left > 0; left -= options.body.length) {
      await file.write(options.body.subarray(0, Math.min(left, options.body.length)));
    }
  } finally {
    await file.close();
  }
}
