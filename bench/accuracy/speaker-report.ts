import type { Bar } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import {
  countHits,
  type DiarizationErrors,
  type DiarizationScore,
  sumDiarizationErrors,
} from '../scoring/diarization.js';
import { sumWordErrors, type WordErrors } from '../scoring/wer.js';

/** A recording's speakers with their scores. */
export type ScoredSpeakers = {
  readonly set: 'made' | 'ami';
  readonly name: string;
  readonly ours: DiarizationScore;
  /** Undefined when sherpa-onnx-node failed. */
  readonly sherpa: DiarizationScore | undefined;
  /** cpWER, where it is known what was said. */
  readonly words: WordErrors | undefined;
};

/** Both sides' diarization of each recording, and of each set as one. */
export function speakerTable(scored: readonly ScoredSpeakers[]): string {
  const sets = [...new Set(scored.map(({ set }) => set))];
  return markdownTable(
    [
      'recording',
      'DER',
      'miss / false alarm / confusion',
      'speakers found',
      'cpWER',
      "sherpa's DER",
      'miss / false alarm / confusion',
      'speakers found',
    ],
    sets.flatMap((set) => {
      const all = scored.filter((each) => each.set === set);
      return [...all.map(recordingRow), setRow(`${set} overall`, all)];
    }),
  );
}

function recordingRow({ name, ours, sherpa, words }: ScoredSpeakers): string[] {
  const found = (score: DiarizationScore) =>
    `${score.hypothesisSpeakers} of ${score.referenceSpeakers}`;
  return [
    name,
    ...errorCells(ours),
    found(ours),
    rateCell(words),
    ...(sherpa ? [...errorCells(sherpa), found(sherpa)] : ['failed', '–', '–']),
  ];
}

function setRow(name: string, scored: readonly ScoredSpeakers[]): string[] {
  const hits = (scores: readonly DiarizationScore[]) => {
    const { exact, withinOne } = countHits(scores);
    return `${exact} right, ${withinOne} within 1, of ${scores.length}`;
  };
  const ours = scored.map((each) => each.ours);
  const sherpa = scored.flatMap((each) => each.sherpa ?? []);
  return [
    name,
    ...errorCells(sumDiarizationErrors(ours)),
    hits(ours),
    rateCell(speakerWords(scored)),
    ...(sherpa.length > 0
      ? [...errorCells(sumDiarizationErrors(sherpa)), hits(sherpa)]
      : ['failed', '–', '–']),
  ];
}

function errorCells({ rate, miss, falseAlarm, confusion, speech }: DiarizationErrors): string[] {
  const shares = [miss, falseAlarm, confusion].map((seconds) => (seconds / speech).toFixed(3));
  return [rate.toFixed(4), shares.join(' / ')];
}

function rateCell(words: WordErrors | undefined): string {
  return words === undefined ? '–' : words.rate.toFixed(4);
}

/** Undefined where nothing is known of what was said. */
function speakerWords(scored: readonly ScoredSpeakers[]): WordErrors | undefined {
  const words = scored.flatMap((each) => each.words ?? []);
  return words.length === 0 ? undefined : sumWordErrors(words);
}

/** The bars about speakers. `complete`: all of the evaluation data was there; fewer recordings are another figure. */
export function speakerBars({
  scored,
  complete,
}: {
  scored: readonly ScoredSpeakers[];
  complete: boolean;
}): Bar[] {
  const of = (set: ScoredSpeakers['set']) => {
    const all = scored.filter((each) => each.set === set);
    if (!complete || all.length === 0) return undefined;
    const ours = all.map((each) => each.ours);
    return {
      der: sumDiarizationErrors(ours).rate,
      hits: countHits(ours),
      words: speakerWords(all),
    };
  };
  const [made, ami] = [of('made'), of('ami')];
  const count = { digits: 0 };
  return [
    { what: 'DER, made', value: made?.der, limit: { atMost: 0.055 }, digits: 4 },
    {
      what: 'speaker count right, made (of 4)',
      value: made?.hits.exact,
      limit: { atLeast: 4 },
      ...count,
    },
    { what: 'cpWER, made', value: made?.words?.rate, limit: { atMost: 0.085 }, digits: 4 },
    { what: 'DER, ami', value: ami?.der, limit: { atMost: 0.24 }, digits: 4 },
    {
      what: 'speaker count within 1, ami (of 10)',
      value: ami?.hits.withinOne,
      limit: { atLeast: 9 },
      ...count,
    },
    {
      what: 'speaker count right, ami (of 10)',
      value: ami?.hits.exact,
      limit: { atLeast: 7 },
      ...count,
    },
  ];
}
