import { createRequire } from 'node:module';

type Recorder = {
  readonly AMR: {
    encode(
      samples: Int16Array,
      done: (bytes: Uint8Array) => void,
      failed: (message: string) => void,
      kilobitsPerSecond: number,
    ): void;
  };
};

/** Encodes 8 kHz mono samples as a real AMR-NB file at 12.2 kbit/s: FFmpeg's build holds only the decoder. */
export async function encodeAmr(samples: Int16Array): Promise<Uint8Array> {
  const require = createRequire(import.meta.url);
  const recorder = require('recorder-core') as Recorder;
  require('recorder-core/src/engine/beta-amr-engine.js');
  return new Promise((resolve, reject) => {
    recorder.AMR.encode(samples, resolve, (message) => reject(new Error(message)), 12.2);
  });
}

/** Halves the rate of 16 kHz samples, averaging pairs: a crude low-pass is enough for a telephone codec. */
export function toEightKilohertz(samples: Int16Array): Int16Array {
  return Int16Array.from(
    { length: samples.length >> 1 },
    (_, i) => ((samples[2 * i] ?? 0) + (samples[2 * i + 1] ?? 0)) >> 1,
  );
}
