import { joinRecognised } from '#services/asr/segment-audio.js';
import type { RecognisedSegment } from '#services/asr/types.js';
import { type PlannedSegment, planSegments } from './plan-segments.js';

/** A planned segment with what the recogniser made of it. */
export type Reading = { readonly segment: PlannedSegment; readonly recognised: RecognisedSegment };

/** Segments less certain than this (mean natural-log probability of a token) are read a second time. */
const DOUBTFUL_BELOW = -0.1;

/**
 * The parts that a doubtful segment is cut into for a second reading: its spans of speech one by one. Other cuts let
 * other words through where speakers overlap. A segment of one span has no other cut.
 */
export function secondCuts({ segment, recognised }: Reading): PlannedSegment[] {
  if (recognised.avgLogprob >= DOUBTFUL_BELOW || segment.spans.length < 2) return [];
  return planSegments(segment.spans, {
    joinPauseSeconds: 0,
    paddingSeconds: 0.2,
    totalSeconds: segment.end,
  }).map((part) => ({ ...part, start: Math.max(part.start, segment.start) }));
}

/** The more certain of both readings; the parts count as one. Parts without any word never win. */
export function betterReading(first: Reading, parts: readonly Reading[]): RecognisedSegment {
  if (parts.every(({ recognised }) => recognised.text === '')) return first.recognised;
  const joined = joinRecognised(
    parts.map(({ recognised, segment }) => ({
      recognised,
      offset: segment.start - first.segment.start,
    })),
  );
  return joined.avgLogprob > first.recognised.avgLogprob ? joined : first.recognised;
}
