import type { Word } from '#utils/transcript/types.js';
import { type AudioSegment, SAMPLE_RATE } from '../types.js';

/** Segments are cut in pauses, so a longer stretch without a word, but with sound, means that the decoder skipped some. */
const LONGEST_GAP_SECONDS = 2;
/** Words may end later than they are said to. */
const EDGE_SECONDS = 0.5;
/** Loudness is compared over windows of half a second. */
const WINDOW_SAMPLES = SAMPLE_RATE / 2;
/** A pause is quieter than this part of the segment's loudest half second (-20 dB). */
const QUIET = 0.1;
/** Root mean square of 16-bit samples (-60 dB) below which there is nothing to hear. */
const SILENT = 33;

/** A stretch of a segment, in seconds from its start. */
export type Stretch = { readonly start: number; readonly end: number };

/**
 * Where speech may have been skipped: between words, or before the first or after the last. A pause does not count:
 * asked again about silence alone, Whisper makes sentences up.
 */
export function skippedStretches(
  words: readonly Word[],
  { samples }: AudioSegment,
): readonly Stretch[] {
  const seconds = samples.length / SAMPLE_RATE;
  const ends = [0, ...words.map(({ end }) => end)];
  const starts = [...words.map(({ start }) => start), seconds];
  const gaps = starts
    .map((end, index) => ({ start: ends[index] as number, end }))
    .filter(({ start, end }) => end - start > LONGEST_GAP_SECONDS);
  if (gaps.length === 0) return [];
  const loudness = loudnessOf(samples);
  const audible = Math.max(SILENT, QUIET * Math.max(0, ...loudness));
  const windowSeconds = WINDOW_SAMPLES / SAMPLE_RATE;
  return gaps.filter((gap) => {
    const first = Math.ceil((gap.start + EDGE_SECONDS) / windowSeconds);
    const last = Math.floor((gap.end - EDGE_SECONDS) / windowSeconds);
    return loudness.slice(first, last).some((each) => each >= audible);
  });
}

/** Root mean square of each whole window. */
function loudnessOf(samples: Int16Array): number[] {
  return Array.from({ length: Math.floor(samples.length / WINDOW_SAMPLES) }, (_, index) => {
    const from = index * WINDOW_SAMPLES;
    let energy = 0;
    for (let at = from; at < from + WINDOW_SAMPLES; at++) energy += (samples[at] as number) ** 2;
    return Math.sqrt(energy / WINDOW_SAMPLES);
  });
}
