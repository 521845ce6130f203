/**
 * Filters that turn samples of one rate into samples of another: a low-pass filter (a sinc under a Kaiser window) whose
 * values are worked out once for each place that an output sample may have between two input samples (a polyphase
 * filter; Crochiere and Rabiner, Multirate Digital Signal Processing).
 */
export type RateFilter = {
  /** The ratio of both rates in lowest terms: output sample `n` lies at input sample `n * from / to`. */
  readonly from: number;
  readonly to: number;
  /** Input samples on each side of an output sample. */
  readonly reach: number;
  /** [to, 2 reach]; rows in order of place. */
  readonly values: Float32Array;
};

export type RateFilterOptions = {
  readonly fromHertz: number;
  readonly toHertz: number;
  /** Zero crossings of the filter on each side: more are steeper, and cost more. */
  readonly crossings: number;
};

/** Shape of the Kaiser window: ripples of 80 dB below the signal. */
const KAISER_BETA = 8;
/** Of the lower of both bandwidths. What is above is cut, softly. */
const PASS_BAND = 0.98;

/** The filter between two rates. Memory grows with the smallest common terms of both: keep to rates that are in use. */
export function rateFilter({ fromHertz, toHertz, crossings }: RateFilterOptions): RateFilter {
  const divisor = greatestCommonDivisor(fromHertz, toHertz);
  const [from, to] = [fromHertz / divisor, toHertz / divisor];
  const band = PASS_BAND * Math.min(1, toHertz / fromHertz);
  const reach = Math.ceil(crossings / band);
  const values = new Float32Array(to * 2 * reach);
  for (let place = 0; place < to; place++) fillRow(values, { place, to, reach, band });
  return { from, to, reach, values };
}

function fillRow(
  values: Float32Array,
  { place, to, reach, band }: { place: number; to: number; reach: number; band: number },
): void {
  const width = 2 * reach;
  const whole = besselI0(KAISER_BETA);
  for (let at = 0; at < width; at++) {
    const distance = at - reach + 1 - place / to;
    const edge = Math.max(0, 1 - (distance / reach) ** 2);
    const window = besselI0(KAISER_BETA * Math.sqrt(edge)) / whole;
    values[place * width + at] = band * sinc(band * distance) * window;
  }
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
