import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { describeEnvironment } from '../report/environment.js';
import { markdownTable } from '../report/markdown-table.js';
import { note } from '../report/progress.js';
import { median } from '../report/statistics.js';
import { type CleanUp, withCleanUp } from '../support/clean-up.js';
import { Contenders } from './contenders.js';
import { fallenKinds, GUARD_KINDS, type GuardKind, type GuardRatios } from './guard-ratios.js';
import { fixtures, recordingFolder } from './recordings.js';
import type { ProcessName, Stage } from './stages.js';

type Recorded = { readonly environment: string; readonly ratios: GuardRatios };

const FILE = join(projectRoot, 'bench', 'peers', 'guard.json');
const TRIES = 3;

/**
 * A short form of the comparison, with sherpa-onnx-node and the fixtures alone, so that it needs neither Python nor
 * EVAL_DIR: fails where a ratio is more than 25 % under the recorded one in three tries. `record` keeps what is measured,
 * the median of three tries, instead.
 */
export async function runGuard({ record = false }: { record?: boolean }): Promise<void> {
  const environment = describeEnvironment();
  const tries = await withCleanUp((cleanUp) => measureTries(cleanUp, record));
  if (record) {
    const ratios = ratiosOf((kind) => median(tries.map((each) => each[kind])));
    await writeFile(FILE, `${JSON.stringify({ environment, ratios }, undefined, 2)}\n`);
    process.stdout.write(`${ratioTable(tries, ratios)}\n`);
    return;
  }
  const recorded = await readRecorded();
  process.stdout.write(`${ratioTable(tries, recorded.ratios)}\n`);
  const fallen = fallenKinds(tries, recorded.ratios);
  if (fallen.length === 0) return;
  note(
    `guard: more than 25 % under what was recorded, ${TRIES} times: ${fallen.join(', ')}. Where that is meant, npm run bench -- guard --record`,
  );
  process.exitCode = 1;
}

async function measureTries(cleanUp: CleanUp, record: boolean): Promise<GuardRatios[]> {
  const contenders = new Contenders(['server', 'engines', 'node'], cleanUp);
  const folder = await recordingFolder(cleanUp);
  const [shortest, longest] = await fixtures(folder);
  if (shortest === undefined || longest === undefined) throw new Error('The fixtures are missing.');
  note('guard: one try that does not count, while everything is loaded');
  await measureTry(contenders, shortest.path);
  const tries: GuardRatios[] = [];
  const recorded = record ? undefined : (await readRecorded()).ratios;
  while (tries.length < TRIES) {
    const ratios = await measureTry(contenders, longest.path);
    tries.push(ratios);
    note(
      `guard: try ${tries.length}: ${GUARD_KINDS.map((kind) => `${kind} ${ratios[kind].toFixed(2)}x`).join(', ')}`,
    );
    // One good try is enough.
    if (recorded && fallenKinds(tries, recorded).length === 0) break;
  }
  return tries;
}

/** Theirs between ours of the same kind, so that a machine that grows slower or faster meanwhile does so for both. */
async function measureTry(contenders: Contenders, path: string): Promise<GuardRatios> {
  const seconds = async (process: ProcessName, type: Stage['task']): Promise<number> => {
    const { hear } = await contenders.get(process);
    const startedAt = performance.now();
    await hear({ type, path });
    return (performance.now() - startedAt) / 1000;
  };
  const ours = {
    words: await seconds('engines', 'recognise'),
    turns: await seconds('engines', 'diarize'),
  };
  const theirs = {
    words: await seconds('node', 'recognise'),
    turns: await seconds('node', 'diarize'),
  };
  const both = await seconds('server', 'transcribe');
  const again = {
    words: await seconds('engines', 'recognise'),
    turns: await seconds('engines', 'diarize'),
  };
  return {
    recognition: (2 * theirs.words) / (ours.words + again.words),
    speakers: (2 * theirs.turns) / (ours.turns + again.turns),
    both: (theirs.words + theirs.turns) / both,
  };
}

async function readRecorded(): Promise<Recorded> {
  return JSON.parse(await readFile(FILE, 'utf8')) as Recorded;
}

function ratioTable(tries: readonly GuardRatios[], recorded: GuardRatios): string {
  return markdownTable(
    [
      'times as fast as sherpa-onnx-node',
      'recorded',
      ...tries.map((_, index) => `try ${index + 1}`),
    ],
    GUARD_KINDS.map((kind) => [
      kind,
      `${recorded[kind].toFixed(2)}x`,
      ...tries.map((each) => `${each[kind].toFixed(2)}x`),
    ]),
  );
}

function ratiosOf(of: (kind: GuardKind) => number): GuardRatios {
  return { recognition: of('recognition'), speakers: of('speakers'), both: of('both') };
}
