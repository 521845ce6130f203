import { type HalfSpectrum, RealFourier } from './fourier.js';

/** Frames in order, each with its bins from 0 Hz on. */
export type Spectrogram = {
  readonly frames: number;
  readonly bins: number;
  /** [frames, bins] */
  readonly real: Float32Array;
  readonly imaginary: Float32Array;
};

export type SpectrogramOptions = {
  /** Samples of a frame, and from one frame to the next. */
  readonly frameSamples: number;
  readonly hopSamples: number;
};

/** Less than that of the windows' sum of squares is no frame's sample. */
const LEAST_WEIGHT = 1e-8;

/**
 * Short-time Fourier transform and back, as torch.stft and tf.signal.stft have it: a periodic Hann window, nothing
 * normalised; on the way back the windows are put on once more and their squares divided out, so that what is not
 * changed comes back as it was. The signal has silence of one frame on both sides, so that its ends are as well covered
 * as its middle.
 */
export class SpectrogramTransform {
  readonly #options: SpectrogramOptions;
  readonly #fourier: RealFourier;
  readonly #window: Float64Array;
  readonly #frame: Float64Array;
  readonly #spectrum: HalfSpectrum;

  constructor(options: SpectrogramOptions) {
    const { frameSamples } = options;
    this.#options = options;
    this.#fourier = new RealFourier(frameSamples);
    this.#window = Float64Array.from(
      { length: frameSamples },
      (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / frameSamples),
    );
    this.#frame = new Float64Array(frameSamples);
    const { bins } = this.#fourier;
    this.#spectrum = { real: new Float64Array(bins), imaginary: new Float64Array(bins) };
  }

  forward(samples: Float32Array): Spectrogram {
    const { frameSamples, hopSamples } = this.#options;
    const { bins } = this.#fourier;
    const frames = Math.ceil((samples.length + frameSamples) / hopSamples) + 1;
    const real = new Float32Array(frames * bins);
    const imaginary = new Float32Array(frames * bins);
    for (let frame = 0; frame < frames; frame++) {
      const start = frame * hopSamples - frameSamples;
      for (let at = 0; at < frameSamples; at++)
        this.#frame[at] = (samples[start + at] ?? 0) * (this.#window[at] as number);
      this.#fourier.forward(this.#frame, this.#spectrum);
      real.set(this.#spectrum.real, frame * bins);
      imaginary.set(this.#spectrum.imaginary, frame * bins);
    }
    return { frames, bins, real, imaginary };
  }

  /** @param length Samples of the signal that the spectrogram is of. */
  inverse({ frames, bins, real, imaginary }: Spectrogram, length: number): Float32Array {
    const { frameSamples, hopSamples } = this.#options;
    const sum = new Float64Array(length);
    const weight = new Float64Array(length);
    for (let frame = 0; frame < frames; frame++) {
      const start = frame * hopSamples - frameSamples;
      this.#spectrum.real.set(real.subarray(frame * bins, (frame + 1) * bins));
      this.#spectrum.imaginary.set(imaginary.subarray(frame * bins, (frame + 1) * bins));
      this.#fourier.inverse(this.#spectrum, this.#frame);
      const from = Math.max(0, -start);
      const to = Math.min(frameSamples, length - start);
      for (let at = from; at < to; at++) {
        const share = this.#window[at] as number;
        sum[start + at] = (sum[start + at] as number) + share * (this.#frame[at] as number);
        weight[start + at] = (weight[start + at] as number) + share * share;
      }
    }
    return Float32Array.from(
      sum,
      (value, at) => value / Math.max(weight[at] as number, LEAST_WEIGHT),
    );
  }
}
