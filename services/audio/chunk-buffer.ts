import { joinSamples } from '#utils/signal/pcm.js';
import type { DecodeSummary } from './types.js';

/**
 * The part of a decoded stream that is still needed. Places are counted in samples from the start of the stream.
 * Nothing is read ahead: the stream waits until somebody asks for more.
 */
export class ChunkBuffer {
  /** Set once the stream has ended. */
  summary: DecodeSummary | undefined;
  readonly #stream: AsyncGenerator<Int16Array, DecodeSummary, void>;
  #blocks: Int16Array[] = [];
  #from = 0;
  #to = 0;

  constructor(stream: AsyncGenerator<Int16Array, DecodeSummary, void>) {
    this.#stream = stream;
  }

  /** The first sample that is kept. */
  get from(): number {
    return this.#from;
  }

  /** Behind the last sample that has been read. */
  get to(): number {
    return this.#to;
  }

  /** Reads until everything before `to` is there or the stream has ended. Throws what the stream throws. */
  async fill(to: number): Promise<void> {
    while (this.#to < to && this.summary === undefined) {
      const { done, value } = await this.#stream.next();
      if (done) this.summary = value;
      else {
        this.#blocks.push(value);
        this.#to += value.length;
      }
    }
  }

  /** Reads on to a place, or to the end of the stream, and keeps nothing that lies before it. */
  async skip(to: number): Promise<void> {
    while (this.#to < to && this.summary === undefined) {
      await this.fill(this.#to + 1);
      this.drop(to);
    }
  }

  /** Blocks from one place to another as they come, fewer where the stream ends before. Not to be written to. */
  async *blocks(from: number, to: number): AsyncGenerator<Int16Array, void, void> {
    for (let at = from; at < to; ) {
      await this.fill(at + 1);
      if (at >= this.#to) return;
      const block = this.#blockAt(at).subarray(0, to - at);
      at += block.length;
      yield block;
    }
  }

  /** Samples between two places, as far as they are kept. */
  slice(from: number, to: number): Int16Array {
    const parts: Int16Array[] = [];
    for (let at = Math.max(from, this.#from); at < Math.min(to, this.#to); ) {
      const part = this.#blockAt(at).subarray(0, to - at);
      parts.push(part);
      at += part.length;
    }
    return joinSamples(parts);
  }

  /** Forgets blocks that lie before a place as a whole. */
  drop(before: number): void {
    let [first] = this.#blocks;
    while (first && this.#from + first.length <= before) {
      this.#from += first.length;
      this.#blocks.shift();
      [first] = this.#blocks;
    }
  }

  /** Ends the stream. */
  async close(): Promise<void> {
    this.#blocks = [];
    await this.#stream.return({ seconds: 0 });
  }

  /** The rest, from a place on, of the block that the place lies in. */
  #blockAt(place: number): Int16Array {
    let start = this.#from;
    for (const block of this.#blocks) {
      if (place < start + block.length) return block.subarray(place - start);
      start += block.length;
    }
    throw new RangeError(`Sample ${place} is not kept (${this.#from} to ${this.#to} are).`);
  }
}
