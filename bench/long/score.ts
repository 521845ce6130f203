import { cheapestAssignment } from '../scoring/assignment.js';
import { type DiarizationScore, scoreDiarization } from '../scoring/diarization.js';
import { alignLongWords, type LongAlignment } from '../scoring/long-words.js';
import type { ReferenceTurn } from '../scoring/references.js';
import type { WordErrors } from '../scoring/wer.js';

/** What a long recording's answer is worth. */
export type LongScore = {
  readonly words: WordErrors;
  /** Of the segments as the answer has them: pauses inside a segment count as speech. */
  readonly speakers: DiarizationScore;
  /** Of the words that were recognised rightly, the share that has the right speaker. */
  readonly rightSpeaker: number;
};

type SpokenWord = { text: string; start: number; end: number; speaker: string };

/** Scores a `verbose_json` with words and speakers. */
export function scoreLongAnswer(body: string, turns: readonly ReferenceTurn[]): LongScore {
  const answer = JSON.parse(body) as {
    words: { word: string; start: number; end: number; speaker: string }[];
    segments: { start: number; end: number; speaker: string }[];
  };
  const words = answer.words.map(({ word, ...rest }): SpokenWord => ({ ...rest, text: word }));
  const alignment = alignLongWords(turns, words);
  return {
    words: alignment.errors,
    speakers: scoreDiarization({ reference: turns, hypothesis: answer.segments }),
    rightSpeaker: rightSpeakerShare(alignment),
  };
}

/** Speakers of both sides are mapped one to one so that the most words are right. */
function rightSpeakerShare({ errors, reference, hypothesis }: LongAlignment<SpokenWord>): number {
  const pairs = errors.steps.flatMap((step) =>
    step.kind === 'match'
      ? [
          {
            said: reference[step.reference]?.turn.speaker ?? '',
            heard: hypothesis[step.hypothesis]?.word.speaker ?? '',
          },
        ]
      : [],
  );
  const said = [...new Set(pairs.map((pair) => pair.said))];
  const heard = [...new Set(pairs.map((pair) => pair.heard))];
  const together = said.map(() => heard.map(() => 0));
  for (const pair of pairs) {
    const row = together[said.indexOf(pair.said)] as number[];
    const column = heard.indexOf(pair.heard);
    row[column] = (row[column] ?? 0) - 1;
  }
  const right = cheapestAssignment(together).reduce(
    (sum, { row, column }) => sum - (together[row]?.[column] ?? 0),
    0,
  );
  return right / pairs.length;
}
