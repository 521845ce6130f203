import type { Segment, Transcript } from '#utils/transcript/types.js';

/** Stands where a format needs a speaker and a segment has none: nobody was heard where it lies. */
const NOBODY = 'unknown';

/** Whether speakers were asked for: then every format that can shows who speaks. */
export function hasSpeakers(transcript: Transcript): boolean {
  return transcript.speakers !== undefined;
}

/** The speaker of a segment for formats in which the field is required, as the client named them. */
export function speakerOf(segment: Pick<Segment, 'speaker'>): string {
  return segment.speaker ?? NOBODY;
}

/**
 * A name for formats made of lines. Names come from users: line breaks and control characters, which would end a cue
 * or a line, become spaces, and white space becomes single. JSON formats need none of this and keep names as they are.
 */
export function lineLabel(name: string): string {
  return name.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
