import type { ChunkEnd } from '#services/audio/chunk.js';
import type { Segment } from '#utils/transcript/types.js';
import { mergeSegments } from './merge.js';

/**
 * Joins the segments of a recording's chunks as they come: window by window, each chunk after the one before it. Every
 * call returns the segments that nothing later can change, in order of time.
 */
export class ChunkJoiner<Found extends Omit<Segment, 'id'>> {
  /** Of the chunk in work, joined with all before it. */
  #open: Found[] = [];
  /** Of the next chunk, until all of the overlap is there. */
  #later: Found[] = [];
  #overlap: { readonly from: number; readonly to: number } | undefined;
  #until = 0;

  /** Every segment that begins before this second of the recording has been returned. */
  get until(): number {
    return this.#until;
  }

  /**
   * @param window.end Second up to which the chunk is recognised.
   * @param window.ownUntil The chunk's; see AudioChunk.
   */
  add(window: {
    readonly segments: readonly Found[];
    readonly end: number;
    readonly ownUntil: number;
  }): Found[] {
    const { segments, end, ownUntil } = window;
    if (this.#overlap) {
      this.#later.push(...segments);
      if (end < this.#overlap.to) return [];
      this.#join();
    } else this.#open.push(...segments);
    return this.#settle(ownUntil, end);
  }

  /** Call it after the last window of each chunk. */
  end({ end, nextStart }: ChunkEnd): Found[] {
    this.#join();
    if (nextStart === undefined) return this.#settle(Number.POSITIVE_INFINITY, end);
    this.#overlap = { from: nextStart, to: end };
    return this.#settle(nextStart, nextStart);
  }

  #join(): void {
    if (!this.#overlap) return;
    this.#open = mergeSegments({ earlier: this.#open, later: this.#later, ...this.#overlap });
    this.#later = [];
    this.#overlap = undefined;
  }

  /** What ends before one second is settled, when everything up to another one is known. */
  #settle(limit: number, known: number): Found[] {
    const first = this.#open.findIndex(({ end }) => end > limit);
    const settled = this.#open.splice(0, first < 0 ? this.#open.length : first);
    const begun = this.#open[0]?.start ?? known;
    this.#until = Math.max(this.#until, Math.min(limit, known, begun));
    return settled;
  }
}
