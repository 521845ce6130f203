import type { Segment, Transcript } from '#utils/transcript/types.js';
import { seconds } from './numbers.js';
import { hasSpeakers, speakerOf } from './speaker-label.js';
import { durationUsage } from './usage.js';

/**
 * OpenAI's `diarized_json`: every segment with its speaker, and no key besides OpenAI's.
 * @throws TypeError when speakers were not looked for: labels must never be made up
 */
export function renderDiarizedJson(transcript: Transcript): string {
  if (!hasSpeakers(transcript))
    throw new TypeError('diarized_json needs a transcript with speakers.');
  return JSON.stringify({
    task: 'transcribe',
    duration: seconds(transcript.duration),
    text: transcript.text,
    segments: transcript.segments.map(diarizedSegment),
    usage: durationUsage(transcript.duration),
  });
}

function diarizedSegment(segment: Segment) {
  return {
    type: 'transcript.text.segment',
    // A text here, a number in verbose_json.
    id: `seg_${segment.id}`,
    start: seconds(segment.start),
    end: seconds(segment.end),
    // The space that parts it from the segment before, as in verbose_json.
    text: ` ${segment.text}`,
    speaker: speakerOf(segment),
  };
}
