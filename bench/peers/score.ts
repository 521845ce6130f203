import {
  type DiarizationScore,
  scoreDiarization,
  sumDiarizationErrors,
} from '../scoring/diarization.js';
import { alignLongWords } from '../scoring/long-words.js';
import type { ReferenceTurn } from '../scoring/references.js';
import { scoreSpeakerWords, wordsOfTurns } from '../scoring/speaker-words.js';
import { sumWordErrors, type WordErrors } from '../scoring/wer.js';
import { quantile, scoreWords } from '../scoring/word-starts.js';
import type { Heard, SpokenWord } from './protocol.js';
import type { PeerRecording, RecordingSet } from './recordings.js';

/** What was heard in one recording against what is known of it. Each as far as both are there. */
type RawScores = {
  readonly words?: WordErrors;
  readonly speakerWords?: WordErrors;
  readonly speakers?: DiarizationScore;
  /** Distance of a turn's first word from the turn's start, of turns alone whose first word was recognised; seconds. */
  readonly starts?: readonly number[];
};

/** Accuracy of one recording, or of several taken as one. */
export type Scores = {
  readonly wer?: number;
  readonly cpWer?: number;
  readonly der?: number;
  /** Speakers found and there, of each recording. */
  readonly speakers?: readonly { readonly found: number; readonly there: number }[];
  readonly startMedian?: number;
  readonly startP90?: number;
};

/** Names of words whose speaker nobody told. */
const NOBODY = '(nobody)';

/** `hasWordTimes`: the times of words are more than a guess. */
export function scoreHeard(
  { spoken, speakers, set }: PeerRecording,
  { words, turns }: Heard,
  { hasWordTimes }: { hasWordTimes: boolean },
): RawScores {
  const told = words?.some(({ speaker }) => speaker !== undefined);
  return {
    ...(spoken && words && wordScores({ spoken, words, set, hasWordTimes })),
    ...(spoken && words && told && { speakerWords: cpErrors(spoken, words) }),
    ...(speakers &&
      turns && { speakers: scoreDiarization({ reference: speakers, hypothesis: turns }) }),
  };
}

/** Several recordings as one: long ones weigh more. */
export function summarise(scores: readonly RawScores[]): Scores {
  const words = scores.flatMap((score) => score.words ?? []);
  const speakerWords = scores.flatMap((score) => score.speakerWords ?? []);
  const speakers = scores.flatMap((score) => score.speakers ?? []);
  const starts = scores.flatMap((score) => score.starts ?? []);
  return {
    ...(words.length > 0 && { wer: sumWordErrors(words).rate }),
    ...(speakerWords.length > 0 && { cpWer: sumWordErrors(speakerWords).rate }),
    ...(speakers.length > 0 && {
      der: sumDiarizationErrors(speakers).rate,
      speakers: speakers.map(({ hypothesisSpeakers, referenceSpeakers }) => ({
        found: hypothesisSpeakers,
        there: referenceSpeakers,
      })),
    }),
    ...(starts.length > 0 && startsSummary(starts)),
  };
}

function startsSummary(starts: readonly number[]): Pick<Scores, 'startMedian' | 'startP90'> {
  return { startMedian: quantile(starts, 0.5), startP90: quantile(starts, 0.9) };
}

function wordScores({
  spoken,
  words,
  set,
  hasWordTimes,
}: {
  spoken: readonly ReferenceTurn[];
  words: readonly SpokenWord[];
  set: RecordingSet;
  hasWordTimes: boolean;
}): RawScores {
  // When it is said is not known of all recordings.
  const isTimed = hasWordTimes && set !== 'english';
  if (set === 'long') return longWordScores(spoken, words, isTimed);
  const { words: errors, starts } = scoreWords(spoken, words);
  const distances = starts.map(({ errorSeconds }) => Math.abs(errorSeconds));
  return { words: errors, ...(isTimed && { starts: distances }) };
}

function longWordScores(
  spoken: readonly ReferenceTurn[],
  words: readonly SpokenWord[],
  isTimed: boolean,
): RawScores {
  const ordered = [...words].sort((one, other) => one.start - other.start);
  const { errors, reference, hypothesis } = alignLongWords(spoken, ordered);
  const firsts = new Map<ReferenceTurn, number>();
  for (const [index, { turn }] of reference.entries())
    if (!firsts.has(turn)) firsts.set(turn, index);
  const firstOf = new Map([...firsts].map(([turn, index]) => [index, turn]));
  const starts = errors.steps.flatMap((step) => {
    const turn = step.kind === 'match' ? firstOf.get(step.reference) : undefined;
    const word = hypothesis[step.hypothesis ?? -1]?.word;
    return turn && word ? [Math.abs(word.start - turn.start)] : [];
  });
  return { words: errors, ...(isTimed && { starts }) };
}

function cpErrors(spoken: readonly ReferenceTurn[], words: readonly SpokenWord[]): WordErrors {
  return scoreSpeakerWords({
    reference: wordsOfTurns(spoken),
    hypothesis: wordsOfTurns(
      words.map(({ speaker = NOBODY, start, text }) => ({ speaker, start, text })),
    ),
  });
}
