import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AudioSegment } from '#services/asr/types.js';
import { barTable } from '../report/bars.js';
import { describeEnvironment } from '../report/environment.js';
import { markdownTable } from '../report/markdown-table.js';
import { note } from '../report/progress.js';
import { loadReferences, type Reference } from '../scoring/references.js';
import { sumWordErrors, type WordErrors } from '../scoring/wer.js';
import { scoreWords } from '../scoring/word-starts.js';
import { openPipeline } from '../support/open-pipeline.js';
import { type PythonEnvironment, pythonEnvironment } from '../support/python-environment.js';
import { plannedSegments, writeSegments } from './segments.js';

type Compared = {
  readonly name: string;
  /** Word errors of Whisper base here, and of faster-whisper base, on the same segments. */
  readonly ours: WordErrors;
  readonly theirs: WordErrors;
};

/** Ours may be worse by so much. */
const LIMIT = 0.005;

/**
 * Has the same segments recognised by Whisper base here and by faster-whisper base (int8, beam 1, no fallback) and
 * prints both word error rates. The exit code is 1 where either cannot be had.
 */
export async function runWhisperBench({ model }: { model: string }): Promise<void> {
  const environment = describeEnvironment();
  const set = loadReferences();
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-whisper-'));
  try {
    const python = await pythonEnvironment({ name: 'whisper', what: 'faster-whisper' });
    const compared = await compareAll({ references: set.references, model, python, folder });
    const sum = (side: 'ours' | 'theirs') => sumWordErrors(compared.map((each) => each[side])).rate;
    const sections = [
      '## Whisper',
      environment,
      `${model} here and faster-whisper base (int8, beam 1, no fallback), on the same segments.${set.source === 'eval' ? '' : ' EVAL_DIR is absent: only the recordings in test/fixtures.'}`,
      comparedTable(compared),
      barTable([
        {
          what: "WER here less faster-whisper's, all recordings",
          value: sum('ours') - sum('theirs'),
          limit: { atMost: LIMIT },
          digits: 4,
        },
      ]),
    ];
    process.stdout.write(`${sections.join('\n\n')}\n`);
  } catch (error) {
    note(`whisper: ${(error as Error).message}`);
    process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compareAll({
  references,
  model,
  python,
  folder,
}: {
  readonly references: readonly Reference[];
  readonly model: string;
  readonly python: PythonEnvironment;
  readonly folder: string;
}): Promise<Compared[]> {
  const pipeline = await openPipeline({ model });
  const recognise = async (segments: readonly AudioSegment[]): Promise<string[]> => {
    const options = { language: 'en', task: 'transcribe' } as const;
    return (await pipeline.speech.recognise(segments, options)).map(({ text }) => text);
  };
  try {
    const compared: Compared[] = [];
    for (const reference of references) {
      const { name, audio } = reference;
      const segments = await plannedSegments(await pipeline.decode(audio), pipeline.speech);
      note(`whisper: ${name}: ${segments.length} segments`);
      const ours = await recognise(segments);
      note(`whisper: ${name}: faster-whisper`);
      const list = await writeSegments(segments, join(folder, name));
      const theirs = JSON.parse(await python.run('recognise.py', [list])) as string[];
      compared.push({
        name,
        ours: scoreTexts(reference, ours),
        theirs: scoreTexts(reference, theirs),
      });
    }
    return compared;
  } finally {
    await pipeline.close();
  }
}

function scoreTexts({ turns }: Reference, texts: readonly string[]): WordErrors {
  const words = texts.flatMap((text) => text.split(/\s+/).filter((word) => word !== ''));
  return scoreWords(
    turns,
    words.map((text) => ({ text, start: 0, end: 0 })),
  ).words;
}

function comparedTable(compared: readonly Compared[]): string {
  const row = (name: string, ours: WordErrors, theirs: WordErrors) => [
    name,
    String(ours.referenceWords),
    shown(ours),
    shown(theirs),
  ];
  return markdownTable(
    ['recording', 'words', 'here', 'faster-whisper'],
    [
      ...compared.map(({ name, ours, theirs }) => row(name, ours, theirs)),
      row(
        'overall',
        sumWordErrors(compared.map(({ ours }) => ours)),
        sumWordErrors(compared.map(({ theirs }) => theirs)),
      ),
    ],
  );
}

function shown({ rate, substitutions, deletions, insertions }: WordErrors): string {
  return `${rate.toFixed(4)} (${substitutions} / ${deletions} / ${insertions})`;
}
