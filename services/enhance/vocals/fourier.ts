import { fft, ifft } from 'fourier-transform';

/** Real and imaginary parts of the bins 0 to size / 2. */
export type HalfSpectrum = { readonly real: Float64Array; readonly imaginary: Float64Array };

/**
 * The Fourier transform of real frames whose length is a power of two, or that times a small odd number: separation
 * models have frames of 4096, 5120 and 6144 samples, and the library knows powers of two alone. The odd factor is one
 * step of the Cooley-Tukey algorithm (decimation in time).
 */
export class RealFourier {
  readonly bins: number;
  readonly #size: number;
  /** The odd factor, and the length of the parts that it leaves. */
  readonly #factor: number;
  readonly #partSize: number;
  /** Of every angle that a frame divides a turn into. */
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #part: Float64Array;
  readonly #partSpectrum: [Float64Array, Float64Array];

  /** @param size Even. */
  constructor(size: number) {
    let factor = size;
    while (factor % 2 === 0) factor /= 2;
    this.#size = size;
    this.#factor = factor;
    this.#partSize = size / factor;
    if (!Number.isInteger(size) || this.#partSize < 4)
      throw new RangeError(`A frame of ${size} samples cannot be transformed.`);
    this.bins = size / 2 + 1;
    const angles = Float64Array.from({ length: size }, (_, at) => (2 * Math.PI * at) / size);
    this.#cosines = angles.map(Math.cos);
    this.#sines = angles.map(Math.sin);
    this.#part = new Float64Array(this.#partSize);
    const partBins = this.#partSize / 2 + 1;
    this.#partSpectrum = [new Float64Array(partBins), new Float64Array(partBins)];
  }

  /** Not normalised. */
  forward(frame: Float64Array, { real, imaginary }: HalfSpectrum): void {
    real.fill(0);
    imaginary.fill(0);
    const [partReal, partImaginary] = this.#partSpectrum;
    for (let part = 0; part < this.#factor; part++) {
      for (let at = 0; at < this.#partSize; at++)
        this.#part[at] = frame[at * this.#factor + part] as number;
      fft(this.#part, this.#partSpectrum);
      for (let bin = 0; bin < this.bins; bin++) {
        const { at, sign } = this.#fold(bin);
        const a = partReal[at] as number;
        const b = sign * (partImaginary[at] as number);
        const turn = (part * bin) % this.#size;
        const cosine = this.#cosines[turn] as number;
        const sine = this.#sines[turn] as number;
        real[bin] = (real[bin] as number) + a * cosine + b * sine;
        imaginary[bin] = (imaginary[bin] as number) + b * cosine - a * sine;
      }
    }
  }

  /** Undoes `forward`. */
  inverse({ real, imaginary }: HalfSpectrum, frame: Float64Array): void {
    const [partReal, partImaginary] = this.#partSpectrum;
    for (let part = 0; part < this.#factor; part++) {
      for (let bin = 0; bin < partReal.length; bin++) {
        let sumReal = 0;
        let sumImaginary = 0;
        for (let band = 0; band < this.#factor; band++) {
          const whole = bin + band * this.#partSize;
          const isMirrored = whole >= this.bins;
          const at = isMirrored ? this.#size - whole : whole;
          const a = real[at] as number;
          const b = isMirrored ? -(imaginary[at] as number) : (imaginary[at] as number);
          const turn = (part * whole) % this.#size;
          const cosine = this.#cosines[turn] as number;
          const sine = this.#sines[turn] as number;
          sumReal += a * cosine - b * sine;
          sumImaginary += a * sine + b * cosine;
        }
        partReal[bin] = sumReal / this.#factor;
        partImaginary[bin] = sumImaginary / this.#factor;
      }
      ifft(partReal, partImaginary, this.#part);
      for (let at = 0; at < this.#partSize; at++)
        frame[at * this.#factor + part] = this.#part[at] as number;
    }
  }

  /** Where a bin of the whole is among those of a part, which repeat, and are mirrored in their second half. */
  #fold(bin: number): { at: number; sign: 1 | -1 } {
    const at = bin % this.#partSize;
    const isMirrored = at > this.#partSize / 2;
    return isMirrored ? { at: this.#partSize - at, sign: -1 } : { at, sign: 1 };
  }
}
