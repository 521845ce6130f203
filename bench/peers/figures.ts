import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import type { Spent } from './measure-work.js';
import type { ModelTimes } from './protocol.js';
import type { RecordingSet } from './recordings.js';
import type { Scores } from './score.js';
import type { PeerPart } from './stages.js';

/** Where and when something was measured: one Markdown list item a line. */
type Measured = { readonly environment: string };

/** One contender on one recording. */
export type Row = {
  readonly id: string;
  readonly label: string;
  /** One for each time it was run; none where it failed. */
  readonly runs: readonly Spent[];
  readonly scores: Scores;
  /** Why it has no figures. */
  readonly problem?: string;
};

/** All contenders on the long recording, ours first. */
export type LongFigures = Measured & {
  readonly recording: string;
  readonly seconds: number;
  readonly rows: readonly Row[];
};

/** The server on the long recording, and the models alone with all that it asks of them, in turns. */
export type ModelsFigures = Measured & {
  readonly recording: string;
  readonly seconds: number;
  /** Of the server. */
  readonly runs: readonly Spent[];
  readonly models: readonly ModelTimes[];
  readonly cores: number;
};

export type AccuracyRow = {
  readonly id: string;
  readonly label: string;
  readonly sets: Readonly<Partial<Record<RecordingSet, Scores>>>;
  /** By name of the recording. */
  readonly recordings: Readonly<Record<string, Scores>>;
  readonly problem?: string;
};

export type AccuracyFigures = Measured & {
  /** `false`: the fixtures alone, which are fewer recordings and so another figure. */
  readonly isComplete: boolean;
  /** Words with speakers. */
  readonly systems: readonly AccuracyRow[];
  /** Speakers alone. */
  readonly diarizers: readonly AccuracyRow[];
};

export type GrowthFigures = Measured & {
  readonly recording: string;
  /** In order; the last one ends with the answer. */
  readonly hours: readonly { readonly wallSeconds: number; readonly cpuSeconds: number }[];
  /** Of the whole recording. */
  readonly der: number;
  readonly wer: number;
};

/** What was measured last, by part: parts that are run again alone leave the others as they are. */
export type PeerFigures = {
  readonly asr?: LongFigures;
  readonly diarization?: LongFigures;
  readonly pipeline?: LongFigures;
  readonly models?: ModelsFigures;
  readonly accuracy?: AccuracyFigures;
  readonly growth?: GrowthFigures;
} & Partial<Record<PeerPart, unknown>>;

const FILE = join(projectRoot, 'bench', 'peers', 'figures.json');

export async function readFigures(): Promise<PeerFigures> {
  return existsSync(FILE) ? (JSON.parse(await readFile(FILE, 'utf8')) as PeerFigures) : {};
}

export async function writeFigures(figures: PeerFigures): Promise<void> {
  await writeFile(FILE, `${JSON.stringify(figures, undefined, 2)}\n`);
}
