import type { ChunkPlace } from '#services/audio/chunk.js';
import { SAMPLE_RATE } from '#services/audio/pcm.js';
import type { ChunkResult } from '#services/transcription/chunk-result.js';

/** Where a chunk lies in its recording, as plain data that goes through JSON. */
export type StoredPlace = {
  readonly index: number;
  readonly channel?: 0 | 1;
  readonly start: number;
  readonly end: number;
  readonly ownUntil: number;
  /** Absent for the last one. */
  readonly nextStart?: number;
};

/** A chunk as those know it who work on it. */
export class ChunkPiece {
  readonly stored: StoredPlace;

  constructor(stored: StoredPlace) {
    this.stored = stored;
  }

  /** For example `0-12`: the channel, then the number. */
  get name(): string {
    const { channel = 0, index } = this.stored;
    return `${channel}-${index}`;
  }

  /** As the pipeline takes it. */
  get place(): Omit<ChunkResult, 'windows' | 'tracks'> {
    return { ...this.stored, nextStart: this.stored.nextStart };
  }

  /** The chunk behind this one; undefined where there is none. */
  get next(): ChunkPlace | undefined {
    const { index, end, nextStart } = this.stored;
    if (nextStart === undefined) return undefined;
    return { index: index + 1, start: nextStart, previousEnd: end };
  }

  get samples(): number {
    return Math.round((this.stored.end - this.stored.start) * SAMPLE_RATE);
  }

  /** Of what is worked through up to this second of the recording, the seconds that no other chunk counts. */
  ownSeconds(reached: number): number {
    const { start, end, nextStart = end, channel } = this.stored;
    const seconds = Math.max(0, Math.min(reached, nextStart) - start);
    // Each channel is half of the work.
    return channel === undefined ? seconds : seconds / 2;
  }
}
