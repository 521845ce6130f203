import type { ChunkTracks } from '#services/diarization/types.js';
import type { UnnumberedSegment } from './recognise-window.js';

/**
 * All that comes of one chunk: it depends on the chunk's audio and on the request alone, so whoever works through the
 * chunk again, now or on another machine, finds the same. Plain data. Times are seconds of the recording.
 */
export type ChunkResult = {
  /** 0, 1, 2 … in order of time. */
  readonly index: number;
  /** Of a recording whose channels are transcribed each alone: 0 is left, 1 is right. */
  readonly channel?: 0 | 1;
  readonly start: number;
  readonly end: number;
  /** See `AudioChunk` and `ChunkEnd`. */
  readonly ownUntil: number;
  readonly nextStart: number | undefined;
  readonly windows: readonly ChunkWindow[];
  /** Present where the request asks for speakers by their voices. */
  readonly tracks?: ChunkTracks;
};

/** What was recognised between the end of the window before and this second. */
export type ChunkWindow = {
  readonly end: number;
  readonly segments: readonly UnnumberedSegment[];
};
