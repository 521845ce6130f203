import { SAMPLE_RATE } from '#utils/signal/pcm.js';

/**
 * Geometry of segmentation-3.0 (pyannote, https://huggingface.co/pyannote/segmentation-3.0): what it was trained on and
 * what its convolutions do to the clock.
 */
export const WINDOW_SECONDS = 10;
export const WINDOW_SAMPLES = WINDOW_SECONDS * SAMPLE_RATE;
/** One frame of the output. */
export const FRAME_SAMPLES = 270;
export const FRAME_SECONDS = FRAME_SAMPLES / SAMPLE_RATE;
/** Middle of the first frame's receptive field of 991 samples. */
const FIRST_FRAME_SECONDS = 991 / 2 / SAMPLE_RATE;
/** Voices that can be told apart in a window. */
export const SLOTS = 3;

/** From window to window. Half of it costs twice as much and makes it worse: docs/decisions/diarization.md. */
export const HOP_SECONDS = 5;
export const HOP_SAMPLES = HOP_SECONDS * SAMPLE_RATE;

/** Windows that are analysed by one call: more at once are no faster and need more memory. */
export const BLOCK_WINDOWS = 4;
/** Samples of a block that is not the last of its chunk. */
export const BLOCK_SAMPLES = WINDOW_SAMPLES + (BLOCK_WINDOWS - 1) * HOP_SAMPLES;

/** Windows that cover so many samples; the last one may reach beyond them. */
export function windowsFor(samples: number): number {
  return 1 + Math.max(0, Math.ceil((samples - WINDOW_SAMPLES) / HOP_SAMPLES));
}

/** Middle of a frame in seconds from the start of its window. */
export function frameTime(frame: number): number {
  return FIRST_FRAME_SECONDS + frame * FRAME_SECONDS;
}

/**
 * The part of a window that counts, in seconds from its start: where it knows what comes before and after. First and
 * last windows of a chunk count to the chunk's ends.
 */
export function centreOf(window: { readonly first: boolean; readonly last: boolean }): {
  readonly from: number;
  readonly to: number;
} {
  const margin = (WINDOW_SECONDS - HOP_SECONDS) / 2;
  return {
    from: window.first ? 0 : margin,
    to: window.last ? WINDOW_SECONDS : WINDOW_SECONDS - margin,
  };
}
