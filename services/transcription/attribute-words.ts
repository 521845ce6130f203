import type { IdentifiedTurn } from '#services/diarization/types.js';
import { type MisfitOf, misfitWith } from './attribute-fit.js';

/** What of a word, or of a stretch of text without words, says who said it. */
export type SpokenText = { readonly text: string; readonly start: number; readonly end: number };

/**
 * Cost of a change of speaker in the middle of a sentence. The unit is a word that could not fit worse: one such word
 * between two that fit somebody else does not make a change, three of them do.
 */
const CHANGE_COST = 1;
/** What is left of the cost after the end of a sentence. */
const AFTER_SENTENCE = 0.2;
/** A pause of so many seconds halves the cost. */
const HALVING_PAUSE_SECONDS = 0.5;

/** Full stop, question or exclamation mark, with quotes and brackets that close after it. */
const SENTENCE_END = /[.?!…。？！]["'”’»)\]]*$/;

export type ChooseSpeakersOptions = {
  /** In order of time. */
  readonly words: readonly SpokenText[];
  /** Ordered by start, at least one; those of one speaker do not overlap. */
  readonly turns: readonly IdentifiedTurn[];
  /** How many speakers there are: turns name them 0, 1, 2 … */
  readonly speakerCount: number;
  /** What was said last before these words, and by whom, where that is settled. */
  readonly before?: { readonly word: SpokenText; readonly speaker: number } | undefined;
};

/**
 * Who said each word: the cheapest way through all words (Viterbi), where a word costs how badly its middle fits the
 * turns of its speaker, and a change of speaker costs more in the middle of a sentence than after its end or in a
 * pause. So the edges of turns, which are uncertain by some tenths of a second, move to the end of a sentence that is
 * near; words in an overlap go with their neighbours, and so do words far from every turn.
 *
 * @returns The speaker of each word: one who has turns.
 */
export function chooseSpeakers(options: ChooseSpeakersOptions): number[] {
  const { words, turns, speakerCount, before } = options;
  const misfitOf = misfitWith(turns);
  const costs = new Float64Array(speakerCount);
  // Whoever else begins now has taken over.
  if (before) costs.fill(Number.POSITIVE_INFINITY)[before.speaker] = 0;
  /** For word `index` and each speaker: 1 where the cheapest way comes from another speaker, … */
  const changed = new Uint8Array(words.length * speakerCount);
  /** … and that other speaker, who is the same for all: the one with the cheapest way so far. */
  const cameFrom = new Int32Array(words.length);
  words.forEach((word, index) => {
    const cheapest = indexOfLowest(costs);
    const change = (costs[cheapest] as number) + changeCost(words[index - 1] ?? before?.word, word);
    cameFrom[index] = cheapest;
    for (let speaker = 0; speaker < speakerCount; speaker++) {
      const stay = costs[speaker] as number;
      if (change < stay) changed[index * speakerCount + speaker] = 1;
      costs[speaker] = Math.min(stay, change) + misfitAtMiddle(word, speaker, misfitOf);
    }
  });

  const chosen = new Array<number>(words.length);
  let speaker = indexOfLowest(costs);
  for (let index = words.length - 1; index >= 0; index--) {
    chosen[index] = speaker;
    if (changed[index * speakerCount + speaker]) speaker = cameFrom[index] as number;
  }
  return chosen;
}

function misfitAtMiddle({ start, end }: SpokenText, speaker: number, misfitOf: MisfitOf): number {
  return misfitOf((start + end) / 2, speaker);
}

function changeCost(before: SpokenText | undefined, word: SpokenText): number {
  if (!before) return 0;
  const pauseSeconds = Math.max(0, word.start - before.end);
  const atText = SENTENCE_END.test(before.text) ? CHANGE_COST * AFTER_SENTENCE : CHANGE_COST;
  return atText / (1 + pauseSeconds / HALVING_PAUSE_SECONDS);
}

function indexOfLowest(costs: Float64Array): number {
  let lowest = 0;
  for (let index = 1; index < costs.length; index++)
    if ((costs[index] as number) < (costs[lowest] as number)) lowest = index;
  return lowest;
}
