import type { Transcript } from '#utils/transcript/types.js';
import { renamedSpeakers } from './apply-edits.js';
import type { Block } from './blocks.js';
import { currentName, type Edits } from './edits.js';

/** One person as the view shows them. */
export type Person = {
  readonly name: string;
  /** Names that were given first: several where speakers were merged. */
  readonly originals: readonly string[];
  /** Number of the colour, 0 to 9; kept when others are merged. */
  readonly colour: number;
  /** How long they are heard, in seconds. */
  readonly seconds: number;
  readonly words: number;
  /** Of the time in which anybody is heard, 0 to 1. */
  readonly share: number;
};

const COLOURS = 10;

/**
 * Everybody in a transcript, in the order in which they begin to speak; empty without speakers. `blocks` is the transcript
 * laid out with the same edits.
 */
export function peopleOf(
  transcript: Transcript,
  edits: Edits,
  blocks: readonly Block[],
): readonly Person[] {
  const { speakers = [] } = renamedSpeakers(transcript, edits);
  const originals = transcript.speakers ?? [];
  const total = speakers.reduce((sum, { seconds }) => sum + seconds, 0);
  const words = wordsBySpeaker(blocks);
  return speakers.map(({ name, seconds }) => {
    const own = originals.filter((speaker) => currentName(edits, speaker.name) === name);
    return {
      name,
      originals: own.map((speaker) => speaker.name),
      colour: own[0] === undefined ? 0 : originals.indexOf(own[0]) % COLOURS,
      seconds,
      words: words.get(name) ?? 0,
      share: total > 0 ? seconds / total : 0,
    };
  });
}

function wordsBySpeaker(blocks: readonly Block[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { speaker, pieces } of blocks) {
    if (speaker !== undefined) counts.set(speaker, (counts.get(speaker) ?? 0) + pieces.length);
  }
  return counts;
}
