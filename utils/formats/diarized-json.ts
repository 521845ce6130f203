import type { Segment, Transcript } from '#utils/transcript/types.js';
import { seconds } from './numbers.js';
import { hasSpeakers, speakerOf } from './speaker-label.js';
import type { RenderOptions } from './types.js';
import { durationUsage } from './usage.js';

/** A segment of `diarized_json`, which is also an event of a stream. */
export type DiarizedSegment = {
  readonly type: 'transcript.text.segment';
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly speaker: string;
};

/**
 * OpenAI's `diarized_json`: every segment with its speaker, and no key besides OpenAI's.
 * @throws TypeError when speakers were not looked for: labels must never be made up
 */
export function renderDiarizedJson(
  transcript: Transcript,
  { task = 'transcribe' }: Pick<RenderOptions, 'task'> = {},
): string {
  if (!hasSpeakers(transcript))
    throw new TypeError('diarized_json needs a transcript with speakers.');
  return JSON.stringify({
    task,
    duration: seconds(transcript.duration),
    text: transcript.text,
    segments: transcript.segments.map(diarizedSegment),
    usage: durationUsage(transcript.duration),
  });
}

/** One segment with its speaker. */
export function diarizedSegment(segment: Segment): DiarizedSegment {
  return {
    type: 'transcript.text.segment',
    id: segmentId(segment),
    start: seconds(segment.start),
    end: seconds(segment.end),
    // The space that parts it from the segment before, as in verbose_json.
    text: ` ${segment.text}`,
    speaker: speakerOf(segment),
  };
}

/** A text here, a number in verbose_json. */
export function segmentId({ id }: Pick<Segment, 'id'>): string {
  return `seg_${id}`;
}
