import type { Bar } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import { listErrors } from '../scoring/list-errors.js';
import { sumWordErrors } from '../scoring/wer.js';
import { type Score, summariseStarts, type TimedWord } from '../scoring/word-starts.js';

/** A recording's words with their score. */
export type ScoredWords = {
  readonly name: string;
  readonly words: readonly TimedWord[];
  readonly score: Score;
};

/** Word errors and word starts of each recording, and of all as one. */
export function wordTable(scored: readonly ScoredWords[]): string {
  return markdownTable(
    ['recording', 'WER', 'sub / del / ins', 'words', 'start median (s)', 'p90 (s)', 'turns'],
    [
      ...scored.map(({ name, score }) => row(name, [score])),
      row(
        'overall',
        scored.map(({ score }) => score),
      ),
    ],
  );
}

function row(name: string, scores: readonly Score[]): string[] {
  const { rate, substitutions, deletions, insertions, referenceWords } = sumWordErrors(
    scores.map((score) => score.words),
  );
  const { median, p90, count } = summariseStarts(scores.flatMap((score) => score.starts));
  const clear = scores.reduce((sum, score) => sum + score.clearTurns, 0);
  return [
    name,
    rate.toFixed(4),
    `${substitutions} / ${deletions} / ${insertions}`,
    String(referenceWords),
    median.toFixed(3),
    p90.toFixed(3),
    `${count} of ${clear}`,
  ];
}

/** The bars about words. `complete`: all of the evaluation data was there; fewer recordings are another figure. */
export function wordBars({
  scored,
  complete,
}: {
  scored: readonly ScoredWords[];
  complete: boolean;
}): Bar[] {
  const scores = scored.map(({ score }) => score);
  const starts = summariseStarts(scores.flatMap((score) => score.starts));
  const clean = scored.find(({ name }) => name === 'two-speakers-clean');
  const start = { unit: ' s', digits: 3 };
  return [
    {
      what: 'WER, all four recordings',
      value: complete ? sumWordErrors(scores.map((score) => score.words)).rate : undefined,
      limit: { atMost: 0.036 },
      digits: 4,
    },
    {
      what: 'WER, two-speakers-clean',
      value: clean?.score.words.rate,
      limit: { atMost: 0.01 },
      digits: 4,
    },
    { what: 'word start, median', value: starts.median, limit: { atMost: 0.1 }, ...start },
    { what: 'word start, p90', value: starts.p90, limit: { atMost: 0.3 }, ...start },
  ];
}

/** Every error of a recording, as a section. */
export function errorSection({ name, words, score }: ScoredWords): string {
  const lines = listErrors(score, words);
  const list = lines.length === 0 ? '- none' : lines.map((line) => `- ${line}`).join('\n');
  return `### ${name}\n\n${list}`;
}
