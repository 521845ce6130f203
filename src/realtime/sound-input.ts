import { decodeG711 } from '#utils/signal/g711.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import { StreamResampler } from '#utils/signal/stream-resampler.js';
import type { AudioFormat } from './session-settings.js';

/** Sound as a client sends it, byte by byte if it likes, as what the engines hear: 16 kHz, signed 16 bit. */
export type SoundInput = {
  push(bytes: Uint8Array): Int16Array;
  /** The last milliseconds, which wait for what comes next: for the end of an utterance. More may follow. */
  flush(): Int16Array;
  /** Forgets what is not whole yet. */
  clear(): void;
};

const G711_RATE = 8000;

export function createSoundInput(format: AudioFormat): SoundInput {
  const rate = format.type === 'audio/pcm' ? format.rate : G711_RATE;
  const decode = decoderOf(format);
  const makeResampler = () =>
    rate === SAMPLE_RATE
      ? undefined
      : new StreamResampler({ fromHertz: rate, toHertz: SAMPLE_RATE });
  let resampler = makeResampler();
  return {
    push(bytes) {
      const samples = decode.push(bytes);
      return resampler ? resampler.push(samples) : samples;
    },
    flush: () => resampler?.flush() ?? new Int16Array(0),
    clear() {
      decode.clear();
      resampler = makeResampler();
    },
  };
}

/** Bytes in a second of sound. */
export function bytesPerSecond(format: AudioFormat): number {
  return format.type === 'audio/pcm' ? 2 * format.rate : G711_RATE;
}

type Decoder = { push(bytes: Uint8Array): Int16Array; clear(): void };

function decoderOf(format: AudioFormat): Decoder {
  if (format.type === 'audio/pcm') return new PcmDecoder();
  const law = format.type === 'audio/pcmu' ? 'mu' : 'a';
  return { push: (bytes) => decodeG711(bytes, law), clear() {} };
}

/** Pieces may end inside a sample. Every system that we run on is little-endian, as the sound is. */
class PcmDecoder implements Decoder {
  /** The first half of a sample whose second is still to come. */
  #half: number | undefined;

  push(bytes: Uint8Array): Int16Array {
    const carried = this.#half === undefined ? 0 : 1;
    const samples = new Int16Array((carried + bytes.length) >> 1);
    const target = new Uint8Array(samples.buffer);
    const taken = Math.max(0, target.length - carried);
    if (this.#half !== undefined && target.length > 0) target[0] = this.#half;
    target.set(bytes.subarray(0, taken), carried);
    if (target.length > 0) this.#half = undefined;
    if (taken < bytes.length) this.#half = bytes[taken];
    return samples;
  }

  clear(): void {
    this.#half = undefined;
  }
}
