import { HEARING_FRAME, SAMPLE_RATE, type SpeechSpan } from '#services/asr/types.js';
import { closeBelow, findSpans } from '#services/asr/vad/spans.js';
import type { Sound } from './sound.js';

/** A part of a session's sound that is recognised in one go; positions are samples since the session's first. */
export type SpokenStretch = {
  readonly from: number;
  readonly to: number;
  /** The speech in it, at least one span, in seconds since the session's first sample. */
  readonly spans: readonly SpeechSpan[];
};

/** Sound before the first speech and after the last that is recognised with it, so that no word lacks its edges. */
const LEAD_SAMPLES = 0.3 * SAMPLE_RATE;
export const TAIL_FRAMES = 3;
/** Pauses from which on words are kept out of them. */
const PAUSE_SECONDS = 0.2;

/** What is speech between two positions, as far as it was listened to; undefined where nothing is. */
export function spokenStretch(
  sound: Sound,
  {
    from,
    to,
    threshold,
  }: { readonly from: number; readonly to: number; readonly threshold: number },
): SpokenStretch | undefined {
  const base = Math.floor(from / HEARING_FRAME) * HEARING_FRAME;
  const spans = findSpans(sound.probabilities(from, to), {
    openAt: threshold,
    closeBelow: closeBelow(threshold),
    minSilenceSeconds: PAUSE_SECONDS,
    maxSpeechSeconds: Number.POSITIVE_INFINITY,
    frameSeconds: HEARING_FRAME / SAMPLE_RATE,
    totalSeconds: (to - base) / SAMPLE_RATE,
  }).map((span) => ({
    ...span,
    start: span.start + base / SAMPLE_RATE,
    end: span.end + base / SAMPLE_RATE,
  }));
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return undefined;
  const end = Math.round(last.end * SAMPLE_RATE) + TAIL_FRAMES * HEARING_FRAME;
  return {
    from: Math.max(from, Math.round(first.start * SAMPLE_RATE) - LEAD_SAMPLES),
    to: Math.min(to, end),
    spans,
  };
}
