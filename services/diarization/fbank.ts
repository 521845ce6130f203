import { Tensor } from '#services/onnx/runtime.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import { node, tensor, valueInfo } from '../onnx/build.js';
import { encodeModel, type OnnxModel } from '../onnx/schema.js';
import { openSession } from './session.js';

/** Frames of 25 ms every 10 ms. */
const FRAME_SAMPLES = 400;
const SHIFT_SAMPLES = 160;
const FFT_SIZE = 512;
const BINS = FFT_SIZE / 2 + 1;
export const MEL_BANDS = 80;
/** Frames in a second. */
export const FRAME_RATE = SAMPLE_RATE / SHIFT_SAMPLES;
const LOWEST_HZ = 20;
const PREEMPHASIS = 0.97;
/** Kaldi's floor under the logarithm. */
const FLOOR = 1.1920928955078125e-7;

/** Log mel energies; frame `n` starts `n / FRAME_RATE` seconds into the samples. */
export type Features = { readonly frames: number; readonly data: Float32Array };

export type Fbank = {
  /** At least 25 ms; fewer samples give no frame. */
  run(samples: Int16Array): Promise<Features>;
  dispose(): Promise<void>;
};

/**
 * Kaldi's filter bank features as speaker models are trained on (`compute-fbank-feats` without dither: 25 ms frames
 * every 10 ms, mean removed, pre-emphasis 0.97, Povey window, power spectrum of 512 points, 80 mel bands from 20 Hz to
 * 8 kHz, natural logarithm, no frames beyond the ends).
 *
 * All of it before the power is linear, so it is one matrix, and the runtime computes it as a convolution over the
 * samples: no FFT needed.
 */
export async function createFbank(options: { readonly threads: number }): Promise<Fbank> {
  const session = await openSession(encodeModel(graph()), options);
  return {
    async run(samples) {
      if (samples.length < FRAME_SAMPLES) return { frames: 0, data: new Float32Array(0) };
      const { features } = await session.run({
        samples: new Tensor('float32', Float32Array.from(samples), [1, 1, samples.length]),
      });
      const { data, dims } = features as Tensor;
      return { frames: dims[1] ?? 0, data: data as Float32Array };
    },
    dispose: () => session.release(),
  };
}

function graph(): OnnxModel {
  return {
    irVersion: 8,
    producerName: 'whosaid',
    opsetImport: [{ domain: '', version: 13 }],
    graph: {
      name: 'fbank',
      node: [
        node('Conv', ['samples', 'frame_spectrum'], ['spectrum'], { strides: [SHIFT_SAMPLES] }),
        node('Mul', ['spectrum', 'spectrum'], ['power']),
        node('MatMul', ['mel_bands', 'power'], ['mel']),
        node('Max', ['mel', 'floor'], ['floored']),
        node('Log', ['floored'], ['log_mel']),
        node('Transpose', ['log_mel'], ['features'], { perm: [0, 2, 1] }),
      ],
      initializer: [
        tensor('frame_spectrum', 'float', frameSpectrum(), [2 * BINS, 1, FRAME_SAMPLES]),
        tensor('mel_bands', 'float', melBands(), [MEL_BANDS, 2 * BINS]),
        tensor('floor', 'float', Float32Array.of(FLOOR), []),
      ],
      input: [valueInfo('samples', 'float', [1, 1, 'samples'])],
      output: [valueInfo('features', 'float', [1, 'frames', MEL_BANDS])],
    },
  };
}

/** Rows: real parts of all bins, then imaginary parts. Columns: samples of a frame. */
function frameSpectrum(): Float32Array {
  const rows = new Float32Array(2 * BINS * FRAME_SAMPLES);
  const window = poveyWindow();
  const row = new Float64Array(FRAME_SAMPLES);
  for (let part = 0; part < 2 * BINS; part++) {
    const bin = part % BINS;
    for (let n = 0; n < FRAME_SAMPLES; n++) {
      const angle = (2 * Math.PI * bin * n) / FFT_SIZE;
      row[n] = (part < BINS ? Math.cos(angle) : -Math.sin(angle)) * (window[n] as number);
    }
    // Pre-emphasis, transposed: sample n is taken off sample n + 1, the first one off itself as well.
    for (let n = 0; n < FRAME_SAMPLES; n++) {
      row[n] =
        (row[n] as number) -
        PREEMPHASIS * (row[n + 1] ?? 0) -
        (n === 0 ? PREEMPHASIS * (row[0] as number) : 0);
    }
    // Removal of the frame's mean, transposed.
    const mean = row.reduce((sum, value) => sum + value, 0) / FRAME_SAMPLES;
    for (let n = 0; n < FRAME_SAMPLES; n++)
      rows[part * FRAME_SAMPLES + n] = (row[n] as number) - mean;
  }
  return rows;
}

/** A Hann window to the power of 0.85. */
function poveyWindow(): Float64Array {
  return Float64Array.from(
    { length: FRAME_SAMPLES },
    (_, n) => (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / (FRAME_SAMPLES - 1))) ** 0.85,
  );
}

function mel(hertz: number): number {
  return 1127 * Math.log(1 + hertz / 700);
}

/** Triangles on the mel scale, once for the real and once for the imaginary parts. Kaldi leaves the last bin out. */
function melBands(): Float32Array {
  const weights = new Float32Array(MEL_BANDS * 2 * BINS);
  const lowest = mel(LOWEST_HZ);
  const step = (mel(SAMPLE_RATE / 2) - lowest) / (MEL_BANDS + 1);
  for (let band = 0; band < MEL_BANDS; band++) {
    const left = lowest + band * step;
    for (let bin = 0; bin < BINS - 1; bin++) {
      const at = (mel((bin * SAMPLE_RATE) / FFT_SIZE) - left) / step;
      if (at <= 0 || at >= 2) continue;
      const weight = at <= 1 ? at : 2 - at;
      weights[band * 2 * BINS + bin] = weight;
      weights[band * 2 * BINS + BINS + bin] = weight;
    }
  }
  return weights;
}
