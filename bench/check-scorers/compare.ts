import { type DiarizationScore, scoreDiarization } from '../scoring/diarization.js';
import { scoreSpeakerWords } from '../scoring/speaker-words.js';
import { type Case, readTurns, type WrittenCase } from './cases.js';

/** What `score.py` prints for a case. */
export type PublicScore = {
  readonly diarization: DiarizationScore;
  readonly words?: {
    readonly errors: number;
    readonly referenceWords: number;
    readonly rate: number;
  };
};

/** One figure from both sides. */
export type Compared = { readonly ours: number; readonly theirs: number };

/** A case with its figures: shares of speech or words, and numbers of speakers. */
export type ComparedCase = {
  readonly case: Case;
  readonly der: Compared;
  readonly miss: Compared;
  readonly falseAlarm: Compared;
  readonly confusion: Compared;
  readonly speakers: Compared;
  readonly cpWer?: Compared;
};

/** Equal to three decimals. */
const TOLERANCE = 0.0005;

/** Scores a case with our scorers and puts what the public ones said beside it. */
export function compareCase(which: Case, written: WrittenCase, theirs: PublicScore): ComparedCase {
  const ours = scoreDiarization(readTurns(written));
  const share = (kind: 'miss' | 'falseAlarm' | 'confusion'): Compared => ({
    ours: ours[kind] / ours.speech,
    theirs: theirs.diarization[kind] / theirs.diarization.speech,
  });
  return {
    case: which,
    der: { ours: ours.rate, theirs: theirs.diarization.rate },
    miss: share('miss'),
    falseAlarm: share('falseAlarm'),
    confusion: share('confusion'),
    speakers: {
      ours: ours.hypothesisSpeakers,
      theirs: theirs.diarization.hypothesisSpeakers,
    },
    ...(which.words && {
      cpWer: {
        ours: scoreSpeakerWords(which.words).rate,
        theirs: theirs.words?.rate ?? Number.NaN,
      },
    }),
  };
}

/** All figures of a case by name. */
export function figuresOf(compared: ComparedCase): [name: string, Compared][] {
  const { der, miss, falseAlarm, confusion, speakers, cpWer } = compared;
  return [
    ['DER', der],
    ['miss', miss],
    ['false alarm', falseAlarm],
    ['confusion', confusion],
    ['speakers', speakers],
    ...(cpWer ? [['cpWER', cpWer] satisfies [string, Compared]] : []),
  ];
}

export function difference({ ours, theirs }: Compared): number {
  return Math.abs(ours - theirs);
}

/** A figure that is missing or no number differs, too. */
export function differs(compared: Compared): boolean {
  return !(difference(compared) < TOLERANCE);
}
