import type { Segment } from '#utils/transcript/types.js';

/** 0 is the left channel, 1 the right one. */
export type ChannelIndex = 0 | 1;

/**
 * Puts the segments of two channels into one order while both are still worked on: a segment is let through as soon as
 * the other channel can have no earlier one.
 */
export class ChannelOrder {
  readonly #waiting: readonly [Segment[], Segment[]] = [[], []];
  /** Second up to which all segments of a channel have come. */
  readonly #known: [number, number] = [0, 0];

  /** Segments of one channel come in order of time. */
  add(channel: ChannelIndex, segment: Segment): void {
    this.#waiting[channel].push(segment);
  }

  /** No segment of this channel that begins before `seconds` will come any more; Infinity when there is none at all. */
  advance(channel: ChannelIndex, seconds: number): void {
    this.#known[channel] = Math.max(this.#known[channel], seconds);
  }

  /** Second up to which both channels are known. */
  get known(): number {
    return Math.min(...this.#known);
  }

  /** Takes out what may be let through, by start; the left channel first where both begin together. */
  *take(): Generator<{ readonly channel: ChannelIndex; readonly segment: Segment }> {
    for (;;) {
      const channel = this.#nextChannel();
      const segment = channel === undefined ? undefined : this.#waiting[channel].shift();
      if (channel === undefined || segment === undefined) return;
      yield { channel, segment };
    }
  }

  #nextChannel(): ChannelIndex | undefined {
    const [left, right] = [this.#startOf(0), this.#startOf(1)];
    const channel = left <= right ? 0 : 1;
    const other = channel === 0 ? 1 : 0;
    const isFirst = this.#waiting[other].length > 0 || this.#known[other] > Math.min(left, right);
    return isFirst ? channel : undefined;
  }

  #startOf(channel: ChannelIndex): number {
    return this.#waiting[channel][0]?.start ?? Number.POSITIVE_INFINITY;
  }
}
