import type { Frame } from 'node-av/lib';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from './pcm.js';
import { PcmBlocks } from './pcm-blocks.js';
import { Resampler } from './resampler.js';
import type { Channel } from './types.js';

/** Turns frames, and silence between them, into blocks of one second of 16 kHz PCM. */
export class PcmOutput {
  /** Of the samples, those that are silence in the place of missing audio. */
  #silentSamples = 0;
  readonly #blocks = new PcmBlocks(SAMPLE_RATE);
  readonly #resampler: Resampler;

  constructor(channel: Channel | undefined) {
    this.#resampler = new Resampler(channel);
  }

  /** Length of all PCM, in seconds. */
  get seconds(): number {
    return this.#blocks.samples / SAMPLE_RATE;
  }

  /** The same without the silence that was added. */
  get decodedSeconds(): number {
    return (this.#blocks.samples - this.#silentSamples) / SAMPLE_RATE;
  }

  /** Yields blocks, valid until the next step; returns whether the frame could be converted. Throws `channels_not_stereo`. */
  *push(frame: Frame): Generator<Buffer, boolean> {
    try {
      yield* this.#add(this.#resampler.push(frame));
      return true;
    } catch (error) {
      // What the recording is not made for is no damage to it.
      if (error instanceof WhosaidError) throw error;
      return false;
    }
  }

  *silence(seconds: number): Generator<Buffer> {
    yield* this.flush();
    const samples = Math.round(seconds * SAMPLE_RATE);
    this.#silentSamples += samples;
    const second = Buffer.alloc(SAMPLE_RATE * BYTES_PER_SAMPLE);
    for (let left = samples; left > 0; left -= SAMPLE_RATE) {
      yield* this.#blocks.add(second.subarray(0, left * BYTES_PER_SAMPLE));
    }
  }

  /** Yields what the resampler still holds back. */
  *flush(): Generator<Buffer> {
    yield* this.#add(this.#resampler.flush());
  }

  /** The last, shorter block: empty if nothing is left. */
  rest(): Buffer {
    return this.#blocks.rest();
  }

  dispose(): void {
    this.#resampler.dispose();
  }

  *#add(pieces: Iterable<Buffer>): Generator<Buffer> {
    for (const piece of pieces) yield* this.#blocks.add(piece);
  }
}
