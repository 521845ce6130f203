import type { Segment, Transcript } from '#utils/transcript/types.js';
import { seconds } from './numbers.js';
import { hasSpeakers, speakerOf } from './speaker-label.js';
import { durationUsage } from './usage.js';

export type JsonOptions = {
  /** Adds `segments` with their speakers, where the transcript has speakers. Default false. */
  readonly speakerDetail?: boolean;
};

/**
 * OpenAI's `json`: the text and what was used, nothing else (strict typed clients reject further keys). Only with
 * `speakerDetail` there is an extension of ours: `segments`, each with `start`, `end`, `text` and `speaker`.
 */
export function renderJson(transcript: Transcript, options: JsonOptions = {}): string {
  const { text, segments, duration } = transcript;
  const hasDetail = options.speakerDetail === true && hasSpeakers(transcript);
  return JSON.stringify({
    text,
    ...(hasDetail && { segments: segments.map(spokenSegment) }),
    usage: durationUsage(duration),
  });
}

function spokenSegment(segment: Segment) {
  return {
    start: seconds(segment.start),
    end: seconds(segment.end),
    text: segment.text,
    speaker: speakerOf(segment),
  };
}
