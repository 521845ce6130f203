import type { Identification, IdentifiedTurn } from '#services/diarization/types.js';
import type { Segment, Speaker, SpeakerTurn, Word } from '#utils/transcript/types.js';
import { nameSpeakers } from './attribute-names.js';
import { chooseSpeakers, type SpokenText } from './attribute-words.js';
import { cutSegment } from './cut-segment.js';

export type Attributed = {
  /** Numbered anew; each with one speaker, who is the speaker of all its words. */
  readonly segments: Segment[];
  /** In the order in which they say their first word; those without one (laughter, a word missed) after all others. */
  readonly speakers: Speaker[];
  /** Turns of `speakers`, ordered by start. */
  readonly turns: SpeakerTurn[];
};

/**
 * Gives every word of a recording to one of its speakers and cuts segments where the speaker changes. No word is left
 * without a speaker: where nobody was identified, everything is said by one speaker `A`.
 *
 * @param options.segments In order of time.
 */
export function attribute(options: {
  readonly segments: readonly Segment[];
  readonly identification: Identification;
}): Attributed {
  const { segments } = options;
  const { speakers, turns } = withSomebody(options);
  const spoken = segments.map((segment) => (segment.words.length > 0 ? segment.words : [segment]));
  const chosen = chooseSpeakers({
    words: spoken.flat() satisfies SpokenText[],
    turns,
    speakerCount: speakers.length,
  });
  const seconds = speakers.map(() => 0);
  for (const { start, end, speaker } of turns)
    seconds[speaker] = (seconds[speaker] ?? 0) + end - start;
  // Whoever reads the transcript meets A first. Letters that no word has would be missed, so they come last.
  const withWords = [...new Set(chosen)];
  const wordless = speakers
    .map((_, speaker) => speaker)
    .filter((each) => !withWords.includes(each));
  const order = [...withWords, ...wordless];
  const names = nameSpeakers(order.map((speaker) => speakers[speaker] ?? {}));
  const nameOf = new Map(order.map((speaker, index) => [speaker, names[index] as string]));

  let next = 0;
  const labelled = segments.flatMap((segment, index) => {
    const count = spoken[index]?.length ?? 0;
    const own = chosen.slice(next, next + count).map((speaker) => nameOf.get(speaker) as string);
    next += count;
    return labelSegment(segment, own);
  });
  return {
    segments: labelled.map((segment, id) => ({ ...segment, id })),
    speakers: order.map((speaker, index) => ({
      name: names[index] as string,
      seconds: seconds[speaker] ?? 0,
    })),
    turns: turns.map(({ start, end, speaker }) => ({
      start,
      end,
      speaker: nameOf.get(speaker) as string,
    })),
  };
}

/** The speakers and turns as identified; where nobody is heard but words are, somebody who said them. */
export function withSomebody(options: {
  readonly segments: readonly Segment[];
  readonly identification: Identification;
}): Pick<Identification, 'turns'> & { readonly speakers: readonly { readonly known?: string }[] } {
  const { segments, identification } = options;
  if (identification.turns.length > 0 || segments.length === 0) return identification;
  const turns = segments.map(({ start, end }): IdentifiedTurn => ({ start, end, speaker: 0 }));
  return { speakers: [identification.speakers[0] ?? {}], turns };
}

/** Cuts a segment between speakers, whose parts keep its number. `names` holds the speaker of each word, or the one of a segment without words. */
export function labelSegment(segment: Segment, names: readonly string[]): Segment[] {
  const words = segment.words.map((word, index) => spokenBy(word, names[index] as string));
  const changes = names.flatMap((name, index) =>
    index > 0 && name !== names[index - 1] ? [index] : [],
  );
  return cutSegment({ ...segment, words }, changes).map((part) => {
    return { ...part, speaker: part.words[0]?.speaker ?? (names[0] as string) };
  });
}

/** Written out where that goes: an object that is spread and then grows takes three times the memory, 80 MB for a day. */
function spokenBy(word: Word, speaker: string): Word {
  const { text, start, end, confidence, tokenCount, pieces } = word;
  if (tokenCount === undefined || pieces !== undefined) return { ...word, speaker };
  const spoken: Required<Omit<Word, 'pieces'>> = {
    text,
    start,
    end,
    confidence,
    tokenCount,
    speaker,
  };
  return spoken;
}
