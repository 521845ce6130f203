import { HEARING_FRAME } from '#services/asr/types.js';

type Block = { readonly start: number; readonly samples: Int16Array };

/**
 * The sound of a session as far as it is still needed, with the speech probability of each of its frames. Positions are
 * samples since the first one that was appended.
 */
export class Sound {
  #blocks: Block[] = [];
  #end = 0;
  #probabilities: number[] = [];
  /** Number of the first frame whose probability is kept. */
  #firstFrame = 0;

  /** What was appended so far. */
  get end(): number {
    return this.#end;
  }

  /** How far it was listened to: a whole number of frames. */
  get heard(): number {
    return (this.#firstFrame + this.#probabilities.length) * HEARING_FRAME;
  }

  /** Keeps a copy: who appends may use the memory again. */
  append(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.#blocks.push({ start: this.#end, samples: samples.slice() });
    this.#end += samples.length;
  }

  /** The speech probability of the next frame. */
  hear(probability: number): void {
    this.#probabilities.push(probability);
  }

  /** A copy of what is still there of these samples. */
  read(from: number, to: number): Int16Array {
    const first = Math.max(from, this.#blocks[0]?.start ?? this.#end);
    const read = new Int16Array(Math.max(0, Math.min(to, this.#end) - first));
    for (const { start, samples } of this.#blocks) {
      if (start + samples.length <= first || start >= to) continue;
      const skipped = Math.max(0, first - start);
      read.set(samples.subarray(skipped, to - start), start + skipped - first);
    }
    return read;
  }

  /** Probabilities of the frames that lie in these samples, the one that `from` lies in among them. */
  probabilities(from: number, to: number): Float32Array {
    const first = Math.floor(from / HEARING_FRAME) - this.#firstFrame;
    const after = Math.floor(to / HEARING_FRAME) - this.#firstFrame;
    return Float32Array.from(this.#probabilities.slice(Math.max(0, first), Math.max(0, after)));
  }

  /** Nobody will ask for what is before this. */
  forget(before: number): void {
    const kept = this.#blocks.findIndex(({ start, samples }) => start + samples.length > before);
    this.#blocks = kept < 0 ? [] : this.#blocks.slice(kept);
    const frames = Math.floor(before / HEARING_FRAME) - this.#firstFrame;
    if (frames <= 0) return;
    const forgotten = this.#probabilities.splice(0, frames).length;
    this.#firstFrame += forgotten;
  }
}
