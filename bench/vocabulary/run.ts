import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { spellingCorrector } from '#services/vocabulary/correct-segment.js';
import type { Transcript } from '#utils/transcript/types.js';
import { describeEnvironment } from '../report/environment.js';
import { markdownTable } from '../report/markdown-table.js';
import { note } from '../report/progress.js';
import { loadReferences, readReference } from '../scoring/references.js';
import { openPipeline } from '../support/open-pipeline.js';
import { UNSAID_NAMES } from './names.js';

const NAMES = join(projectRoot, 'test', 'fixtures', 'vocabulary', 'names.json');

/**
 * Has a recording with names recognised and counts how many stand there as they are written, without and with the
 * correction of near misses; and how many words of other recordings are changed by names that nobody says in them.
 */
export async function runVocabularyBench({ models }: { models: string }): Promise<void> {
  const rows: string[][] = [];
  for (const model of models.split(',')) {
    note(`vocabulary: ${model}`);
    const pipeline = await openPipeline({ model, speakerDiarization: 'never' });
    try {
      const { audio, turns } = readReference(NAMES);
      const said = (turns as readonly { names?: readonly string[] }[]).flatMap(
        ({ names = [] }) => names,
      );
      const heard = await pipeline.transcribe(audio);
      const names = new Set(said.flatMap((name) => name.split(' ')));
      const count = (text: string) => [...names].filter((name) => text.includes(name)).length;
      const right = count(heard.text);
      const corrected = correctedText(heard, said);
      let changed = 0;
      let words = 0;
      for (const reference of loadReferences().references) {
        const transcript = await pipeline.transcribe(reference.audio);
        words += transcript.segments.reduce((sum, segment) => sum + segment.words.length, 0);
        changed += changedWords(transcript, UNSAID_NAMES);
      }
      rows.push([
        model,
        `${right} of ${names.size}`,
        `${count(corrected)} of ${names.size}`,
        `${count(corrected) - right} of ${names.size - right}`,
        `${changed} of ${words}`,
      ]);
    } finally {
      await pipeline.close();
    }
  }
  const head = [
    'model',
    'names right',
    'corrected',
    'near misses put right',
    'other words changed',
  ];
  const sections = ['## Vocabulary', describeEnvironment(), markdownTable(head, rows)];
  process.stdout.write(`${sections.join('\n\n')}\n`);
}

function correctedText({ segments }: Transcript, phrases: readonly string[]): string {
  return segments
    .map(spellingCorrector(phrases))
    .map(({ text }) => text)
    .join(' ');
}

function changedWords({ segments }: Transcript, phrases: readonly string[]): number {
  const correct = spellingCorrector(phrases);
  return segments.reduce((sum, segment) => {
    const before = segment.words.map(({ text }) => text);
    const after = new Set(correct(segment).words.map(({ text }) => text));
    return sum + before.filter((text) => !after.has(text)).length;
  }, 0);
}
