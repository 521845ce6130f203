import wavefile from 'wavefile';
import { SAMPLE_RATE } from './pcm.js';

/** Writes 16 kHz mono samples as the bytes of a WAV file. */
export function encodeWav(samples: Int16Array): Uint8Array {
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, SAMPLE_RATE, '16', samples);
  return wav.toBuffer();
}

/**
 * Reads the bytes of a WAV file of any bit depth, rate and channel count into 16 kHz mono samples; channels are
 * averaged. For files of our own making (fixtures, clips of known voices): uploads go through the decoder.
 * Throws Error if the bytes are no WAV file.
 */
export function decodeWav(bytes: Uint8Array): Int16Array {
  const wav = new wavefile.WaveFile(bytes);
  wav.toBitDepth('16');
  const { sampleRate } = wav.fmt as { sampleRate: number };
  if (sampleRate !== SAMPLE_RATE) wav.toSampleRate(SAMPLE_RATE);
  const channels = wav.getSamples(false, Int16Array) as unknown as Int16Array | Int16Array[];
  return Array.isArray(channels) ? average(channels) : channels;
}

function average(channels: readonly Int16Array[]): Int16Array {
  const mono = new Int16Array(channels[0]?.length ?? 0);
  for (let i = 0; i < mono.length; i += 1) {
    let sum = 0;
    for (const channel of channels) sum += channel[i] ?? 0;
    mono[i] = Math.round(sum / channels.length);
  }
  return mono;
}
