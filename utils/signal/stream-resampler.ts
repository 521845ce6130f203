import { type RateFilter, rateFilter } from './sinc-filter.js';

/** Enough for speech: what is below 7.5 kHz comes through, what would fold is 60 dB down. */
const CROSSINGS = 24;

/** Filters are the same for all who convert between two rates. */
const filters = new Map<string, RateFilter>();

/**
 * Converts samples that come piece by piece from one rate to another: the output of all pieces together is that of the
 * whole, wherever it was cut. An output sample comes as soon as the input reaches past it by the filter (1.5 ms at
 * 24 kHz). Samples are signed 16 bit.
 */
export class StreamResampler {
  readonly #filter: RateFilter;
  /** Input from `#firstInput` on that is still needed; what was before the first sample is silence. */
  #kept: Int16Array;
  #firstInput: number;
  /** Number of the next output sample. */
  #next = 0;

  constructor(rates: { readonly fromHertz: number; readonly toHertz: number }) {
    const name = `${rates.fromHertz} ${rates.toHertz}`;
    const filter = filters.get(name) ?? rateFilter({ ...rates, crossings: CROSSINGS });
    filters.set(name, filter);
    this.#filter = filter;
    this.#kept = new Int16Array(filter.reach - 1);
    this.#firstInput = 1 - filter.reach;
  }

  push(piece: Int16Array): Int16Array {
    const input = new Int16Array(this.#kept.length + piece.length);
    input.set(this.#kept);
    input.set(piece, this.#kept.length);
    const { reach } = this.#filter;
    const output = this.#read(input, this.#firstInput + input.length - reach);
    this.#keep(input);
    return output;
  }

  /**
   * What is still to come of the input so far, as if silence followed. More may be pushed afterwards: it goes on from
   * there.
   */
  flush(): Int16Array {
    const { reach } = this.#filter;
    const input = new Int16Array(this.#kept.length + reach);
    input.set(this.#kept);
    const output = this.#read(input, this.#firstInput + this.#kept.length);
    this.#keep(this.#kept);
    return output;
  }

  /** The output samples that lie before `end`, which counts input samples from the very first. */
  #read(input: Int16Array, end: number): Int16Array {
    const { from, to, reach, values } = this.#filter;
    const count = Math.max(0, Math.ceil((end * to) / from) - this.#next);
    const output = new Int16Array(count);
    const width = 2 * reach;
    for (let index = 0; index < count; index++) {
      const position = (this.#next + index) * from;
      const row = (position % to) * width;
      const first = Math.floor(position / to) - reach + 1 - this.#firstInput;
      let sum = 0;
      for (let at = 0; at < width; at++)
        sum += (input[first + at] as number) * (values[row + at] as number);
      output[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
    }
    this.#next += count;
    return output;
  }

  /** Keeps what the next output sample needs. */
  #keep(input: Int16Array): void {
    const { from, to, reach } = this.#filter;
    const needed = Math.floor((this.#next * from) / to) - reach + 1;
    const drop = Math.min(input.length, Math.max(0, needed - this.#firstInput));
    this.#kept = input.slice(drop);
    this.#firstInput += drop;
  }
}
