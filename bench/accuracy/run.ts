import type { Transcript } from '#utils/transcript/types.js';
import { type Bar, barTable } from '../report/bars.js';
import { describeEnvironment } from '../report/environment.js';
import { markdownTable } from '../report/markdown-table.js';
import { note } from '../report/progress.js';
import { listErrors } from '../scoring/list-errors.js';
import { loadReferences, type Reference, type ReferenceSet } from '../scoring/references.js';
import { sumWordErrors } from '../scoring/wer.js';
import { type Score, scoreWords, summariseStarts } from '../scoring/word-starts.js';
import { openPipeline } from '../support/open-pipeline.js';

/** One recording with what was recognised in it. Figures about speakers will join `score` here. */
type Scored = {
  readonly reference: Reference;
  readonly transcript: Transcript;
  readonly score: Score;
};

/** Transcribes every recording with a reference, as the server would, and prints the errors beside their bars. */
export async function runAccuracyBench({ errors = false }: { errors?: boolean }): Promise<void> {
  const environment = describeEnvironment();
  const set = loadReferences();
  const scored = await scoreAll(set);
  const sections = [
    '## Accuracy',
    environment,
    set.source === 'fixtures' ? 'EVAL_DIR is absent: only the recordings in test/fixtures.' : '',
    fileTable(scored),
    barTable(accuracyBars(set, scored)),
    errors ? scored.map(errorSection).join('\n\n') : '',
  ];
  process.stdout.write(`${sections.filter((section) => section !== '').join('\n\n')}\n`);
}

async function scoreAll(set: ReferenceSet): Promise<Scored[]> {
  const pipeline = await openPipeline();
  try {
    const scored: Scored[] = [];
    for (const reference of set.references) {
      note(`accuracy: ${reference.name}`);
      const transcript = await pipeline.transcribe(reference.audio);
      const words = transcript.segments.flatMap((segment) => segment.words);
      scored.push({ reference, transcript, score: scoreWords(reference.turns, words) });
    }
    return scored;
  } finally {
    await pipeline.close();
  }
}

function fileTable(scored: readonly Scored[]): string {
  const row = (name: string, scores: readonly Score[]) => {
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
  };
  return markdownTable(
    ['recording', 'WER', 'sub / del / ins', 'words', 'start median (s)', 'p90 (s)', 'turns'],
    [
      ...scored.map(({ reference, score }) => row(reference.name, [score])),
      row(
        'overall',
        scored.map(({ score }) => score),
      ),
    ],
  );
}

function accuracyBars(set: ReferenceSet, scored: readonly Scored[]): Bar[] {
  const scores = scored.map(({ score }) => score);
  const starts = summariseStarts(scores.flatMap((score) => score.starts));
  const clean = scored.find(({ reference }) => reference.name === 'two-speakers-clean');
  return [
    {
      what: 'WER, all four recordings',
      // Fewer recordings are another figure.
      value:
        set.source === 'eval' ? sumWordErrors(scores.map((score) => score.words)).rate : undefined,
      limit: { atMost: 0.036 },
      digits: 4,
    },
    {
      what: 'WER, two-speakers-clean',
      value: clean?.score.words.rate,
      limit: { atMost: 0.01 },
      digits: 4,
    },
    {
      what: 'word start, median',
      value: starts.median,
      limit: { atMost: 0.1 },
      unit: ' s',
      digits: 3,
    },
    { what: 'word start, p90', value: starts.p90, limit: { atMost: 0.3 }, unit: ' s', digits: 3 },
  ];
}

function errorSection({ reference, transcript, score }: Scored): string {
  const words = transcript.segments.flatMap((segment) => segment.words);
  const lines = listErrors(score, words);
  const list = lines.length === 0 ? '- none' : lines.map((line) => `- ${line}`).join('\n');
  return `### ${reference.name}\n\n${list}`;
}
