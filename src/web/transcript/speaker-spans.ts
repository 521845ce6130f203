import type { Transcript } from '#utils/transcript/types.js';
import { currentName, type Edits } from './edits.js';
import type { Person } from './people.js';
import { NO_COLOUR, type Span } from './wave-columns.js';

/** Colour of what is said where there are no speakers. */
const ANYBODY = 0;

/** Who is heard when, as colours: turns, or segments where nobody looked for turns. */
export function speakerSpans(options: {
  readonly transcript: Transcript;
  readonly edits: Edits;
  readonly people: readonly Person[];
}): readonly Span[] {
  const { transcript, edits, people } = options;
  const colours = new Map(people.map(({ name, colour }) => [name, colour]));
  const stretches: readonly { start: number; end: number; speaker?: string }[] =
    transcript.turns ?? transcript.segments;
  return stretches.map(({ start, end, speaker }) => {
    if (speaker === undefined) {
      return { start, end, colour: transcript.speakers === undefined ? ANYBODY : NO_COLOUR };
    }
    return { start, end, colour: colours.get(currentName(edits, speaker)) ?? NO_COLOUR };
  });
}
