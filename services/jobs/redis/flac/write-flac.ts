import { closeSync, openSync, readSync } from 'node:fs';
import { Encoder, FilterAPI, Muxer } from 'node-av/api';
import { AV_CHANNEL_ORDER_NATIVE, AV_SAMPLE_FMT_S16 } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from '#services/audio/pcm.js';

const FRAME_SAMPLES = 16_384;
/** FFmpeg's bit: front centre. */
const MONO = { order: AV_CHANNEL_ORDER_NATIVE, nbChannels: 1, mask: 4n };

/**
 * Silence behind the samples: what does not fill a frame of the codec (4608 samples at most) at the end of a stream does
 * not come out of the encoder.
 */
const PADDING_SAMPLES = 8192;

/**
 * Writes raw samples (signed 16-bit, 16 kHz, mono) as FLAC, which gives the same samples again, and a little silence after
 * them. Throws Error.
 */
export function writeFlac({ pcm, flac }: { readonly pcm: string; readonly flac: string }): void {
  // The same samples make the same bytes.
  const muxer = Muxer.openSync(flac, { format: 'flac', options: { fflags: '+bitexact' } });
  const encoder = Encoder.createSync('flac' as never, { threadCount: 1 } as never);
  const stream = muxer.addStream(encoder);
  const filter = FilterAPI.create(
    `aformat=sample_fmts=s16:sample_rates=${SAMPLE_RATE}:channel_layouts=mono`,
  );
  for (const packet of encoder.packetsSync(filter.framesSync(framesOf(pcm)))) {
    muxer.writePacketSync(packet, stream);
    packet?.free();
  }
  filter.close();
  muxer.closeSync();
  encoder.close();
}

function* framesOf(path: string): Generator<Frame | null> {
  let at = 0;
  for (const bytes of blocksOf(path)) {
    const samples = Math.floor(bytes.length / BYTES_PER_SAMPLE);
    yield Frame.fromAudioBuffer(bytes.subarray(0, samples * BYTES_PER_SAMPLE), {
      nbSamples: samples,
      format: AV_SAMPLE_FMT_S16,
      sampleRate: SAMPLE_RATE,
      channelLayout: MONO,
      timeBase: { num: 1, den: SAMPLE_RATE },
      pts: BigInt(at),
    });
    at += samples;
  }
  yield null;
}

function* blocksOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const buffer = Buffer.alloc(FRAME_SAMPLES * BYTES_PER_SAMPLE);
      const bytes = readFully(file, buffer);
      if (bytes > 0) yield buffer.subarray(0, bytes);
      if (bytes < buffer.length) break;
    }
  } finally {
    closeSync(file);
  }
  yield Buffer.alloc(PADDING_SAMPLES * BYTES_PER_SAMPLE);
}

/** @returns how many bytes there were; fewer than fit only at the end of the file */
function readFully(file: number, buffer: Buffer): number {
  let filled = 0;
  for (;;) {
    const bytes = readSync(file, buffer, filled, buffer.length - filled, null);
    filled += bytes;
    if (bytes === 0 || filled === buffer.length) return filled;
  }
}
