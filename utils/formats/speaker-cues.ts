import { type Cue, cuesFromSegments, defaultCueLimits } from '#utils/text/cues.js';
import type { Transcript } from '#utils/transcript/types.js';
import { hasSpeakers, lineLabel } from './speaker-label.js';

/** A subtitle and, where speakers were asked for, who says it: a name without line breaks. */
export type SpokenCue = Cue & { readonly speaker?: string };

export type SpokenCueOptions = {
  /** How many characters of a cue its speaker's name takes. Default: none. */
  readonly labelLength?: (speaker: string) => number;
};

/** However long a name is, this much of a cue is left for what is said: otherwise every word would be a cue. */
const MIN_CHARACTERS = 18;

/**
 * Cuts a transcript into subtitles, each of one speaker: a cue lies within a segment, and a segment never spans two
 * speakers. Every cue of a segment carries the name, since a reader sees one cue at a time.
 */
export function spokenCues(transcript: Transcript, options: SpokenCueOptions = {}): SpokenCue[] {
  if (!hasSpeakers(transcript)) return cuesFromSegments(transcript.segments);
  const { labelLength = () => 0 } = options;
  return transcript.segments.flatMap((segment) => {
    const speaker = segment.speaker === undefined ? undefined : lineLabel(segment.speaker);
    const taken = speaker === undefined ? 0 : labelLength(speaker);
    const maxCharacters = Math.max(MIN_CHARACTERS, defaultCueLimits.maxCharacters - taken);
    return cuesFromSegments([segment], { ...defaultCueLimits, maxCharacters }).map((cue) => ({
      ...cue,
      ...(speaker !== undefined && { speaker }),
    }));
  });
}
