/** Zero crossings of the filter on each side, and the shape of its Kaiser window: ripples of 80 dB below the signal. */
const CROSSINGS = 64;
const KAISER_BETA = 8;
/** Of the lower of both bandwidths. What is above is cut, softly. */
const PASS_BAND = 0.98;

/**
 * Converts samples from one rate to another: a low-pass filter (a sinc under a Kaiser window) whose values are worked out
 * once for each place that an output sample may have between two input samples (a polyphase filter; Crochiere and
 * Rabiner, Multirate Digital Signal Processing). Beyond the ends is silence; nothing is delayed.
 */
export class Resampler {
  readonly #from: number;
  readonly #to: number;
  /** Input samples on each side of an output sample. */
  readonly #reach: number;
  /** [places, 2 reach]; rows in order of place. */
  readonly #filters: Float32Array;

  constructor({ fromHertz, toHertz }: { readonly fromHertz: number; readonly toHertz: number }) {
    const divisor = greatestCommonDivisor(fromHertz, toHertz);
    this.#from = fromHertz / divisor;
    this.#to = toHertz / divisor;
    const band = PASS_BAND * Math.min(1, toHertz / fromHertz);
    this.#reach = Math.ceil(CROSSINGS / band);
    this.#filters = filters({ places: this.#to, reach: this.#reach, band });
  }

  run(samples: Float32Array): Float32Array {
    const width = 2 * this.#reach;
    const output = new Float32Array(Math.ceil((samples.length * this.#to) / this.#from));
    for (let index = 0; index < output.length; index++) {
      const position = index * this.#from;
      const row = (position % this.#to) * width;
      const first = Math.floor(position / this.#to) - this.#reach + 1;
      const from = Math.max(0, -first);
      const to = Math.min(width, samples.length - first);
      let sum = 0;
      for (let at = from; at < to; at++)
        sum += (samples[first + at] as number) * (this.#filters[row + at] as number);
      output[index] = sum;
    }
    return output;
  }
}

/** The filter's values around an output sample, for each place that it may have between two input samples. */
function filters(options: { places: number; reach: number; band: number }): Float32Array {
  const { places, reach, band } = options;
  const width = 2 * reach;
  const values = new Float32Array(places * width);
  const whole = besselI0(KAISER_BETA);
  for (let place = 0; place < places; place++)
    for (let at = 0; at < width; at++) {
      const distance = at - reach + 1 - place / places;
      const edge = Math.max(0, 1 - (distance / reach) ** 2);
      const window = besselI0(KAISER_BETA * Math.sqrt(edge)) / whole;
      values[place * width + at] = band * sinc(band * distance) * window;
    }
  return values;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind and order 0, by its power series. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
