export type Match = {
  /** Normalised cross-correlation at the best lag: 1 is the same signal, 0 none of it. */
  readonly correlation: number;
  /** By how much `actual` lags behind `expected`. */
  readonly lagSeconds: number;
};

const SAMPLE_RATE = 16_000;
const WINDOW_SECONDS = 3;
const REACH_SECONDS = 0.06;

/** Compares three seconds from the middle of two 16 kHz signals, at every lag up to 60 ms. */
export function bestMatch(expected: Int16Array, actual: Int16Array): Match {
  const window = WINDOW_SECONDS * SAMPLE_RATE;
  const reach = Math.round(REACH_SECONDS * SAMPLE_RATE);
  const start = (Math.min(expected.length, actual.length) - window) >> 1;
  let best: Match = { correlation: -1, lagSeconds: 0 };
  for (let lag = -reach; lag <= reach; lag += 1) {
    const correlation = correlate({ expected, actual, start, lag, window });
    if (correlation > best.correlation) best = { correlation, lagSeconds: lag / SAMPLE_RATE };
  }
  return best;
}

function correlate(options: {
  readonly expected: Int16Array;
  readonly actual: Int16Array;
  readonly start: number;
  readonly lag: number;
  readonly window: number;
}): number {
  const { expected, actual, start, lag, window } = options;
  let product = 0;
  let energyA = 0;
  let energyB = 0;
  for (let i = start; i < start + window; i += 1) {
    const a = expected[i] ?? 0;
    const b = actual[i + lag] ?? 0;
    product += a * b;
    energyA += a * a;
    energyB += b * b;
  }
  return product / Math.sqrt(energyA * energyB || 1);
}

const ENVELOPE_SAMPLES = 320;

/** How well the loudness over time of two 16 kHz signals agrees (20 ms steps, after the lag), from -1 to 1. */
export function envelopeMatch(
  expected: Int16Array,
  actual: Int16Array,
  lagSeconds: number,
): number {
  const lag = Math.round(lagSeconds * SAMPLE_RATE);
  const a = envelope(expected.subarray(Math.max(0, -lag)));
  const b = envelope(actual.subarray(Math.max(0, lag)));
  const length = Math.min(a.length, b.length);
  const meanA = mean(a);
  const meanB = mean(b);
  let product = 0;
  let energyA = 0;
  let energyB = 0;
  for (let i = 0; i < length; i += 1) {
    const x = (a[i] ?? 0) - meanA;
    const y = (b[i] ?? 0) - meanB;
    product += x * y;
    energyA += x * x;
    energyB += y * y;
  }
  return product / Math.sqrt(energyA * energyB || 1);
}

function envelope(samples: Int16Array): Float64Array {
  const steps = new Float64Array(Math.floor(samples.length / ENVELOPE_SAMPLES));
  for (let step = 0; step < steps.length; step += 1) {
    const piece = samples.subarray(step * ENVELOPE_SAMPLES, (step + 1) * ENVELOPE_SAMPLES);
    steps[step] = Math.sqrt(
      piece.reduce((sum, value) => sum + value * value, 0) / ENVELOPE_SAMPLES,
    );
  }
  return steps;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
