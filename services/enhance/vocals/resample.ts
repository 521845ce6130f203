import { type RateFilter, rateFilter } from '#utils/signal/sinc-filter.js';

/** Music is to sound afterwards as it did before. */
const CROSSINGS = 64;

/** Converts samples from one rate to another. Beyond the ends is silence; nothing is delayed. */
export class Resampler {
  readonly #filter: RateFilter;

  constructor(rates: { readonly fromHertz: number; readonly toHertz: number }) {
    this.#filter = rateFilter({ ...rates, crossings: CROSSINGS });
  }

  run(samples: Float32Array): Float32Array {
    const { from, to: places, reach, values } = this.#filter;
    const width = 2 * reach;
    const output = new Float32Array(Math.ceil((samples.length * places) / from));
    for (let index = 0; index < output.length; index++) {
      const position = index * from;
      const row = (position % places) * width;
      const first = Math.floor(position / places) - reach + 1;
      const start = Math.max(0, -first);
      const end = Math.min(width, samples.length - first);
      let sum = 0;
      for (let at = start; at < end; at++)
        sum += (samples[first + at] as number) * (values[row + at] as number);
      output[index] = sum;
    }
    return output;
  }
}
