import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { projectRoot } from '#config/root.js';
import type { SpeakerTurn } from '#utils/transcript/types.js';
import { readRttm } from './rttm.js';

/** A stretch of one speaker as the reference gives it; seconds from the start of the recording. */
export type ReferenceTurn = {
  readonly speaker: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
};

export type Reference = {
  /** File name without its ending, for example `two-speakers-clean`. */
  readonly name: string;
  /** Path of the recording. */
  readonly audio: string;
  readonly durationSeconds: number;
  /** In order of their start. */
  readonly turns: readonly ReferenceTurn[];
};

/** Recordings with a reference, and where they come from. */
export type ReferenceSet = {
  /** `eval`: all of the evaluation data; `fixtures`: only the recordings that are kept in the project. */
  readonly source: 'eval' | 'fixtures';
  readonly references: readonly Reference[];
};

/** A recording of whose reference only the speakers are known. */
export type SpeakerReference = {
  readonly name: string;
  /** Path of the recording. */
  readonly audio: string;
  /** Path of its RTTM file. */
  readonly rttm: string;
  /** In order of their start. */
  readonly turns: readonly SpeakerTurn[];
};

/** Folder of the evaluation data: EVAL_DIR, or the place beside the project where it usually is. */
export function evalDir(): string {
  return resolve(process.env.EVAL_DIR ?? join(projectRoot, '..', 'shared', 'eval'));
}

/** Reads one reference file (`audio`, `duration`, `turns`), with its recording expected beside it. */
export function readReference(path: string): Reference {
  const parsed = JSON.parse(readFileSync(path, 'utf8')) as {
    audio: string;
    duration: number;
    turns: ReferenceTurn[];
  };
  return {
    name: parsed.audio.replace(/\.[^.]+$/, ''),
    audio: join(path, '..', parsed.audio),
    durationSeconds: parsed.duration,
    turns: [...parsed.turns].sort((one, other) => one.start - other.start),
  };
}

/** The made conversations of the evaluation data where it is there, else those among the fixtures. */
export function loadReferences(folder: string = evalDir()): ReferenceSet {
  const made = join(folder, 'made');
  if (existsSync(made)) return { source: 'eval', references: readFolder(made) };
  return { source: 'fixtures', references: readFolder(fixturesDir()) };
}

/** The excerpts of real meetings; none where the evaluation data is absent. */
export function loadMeetings(folder: string = evalDir()): SpeakerReference[] {
  const ami = join(folder, 'ami');
  return existsSync(ami) ? readSpeakerFolder(ami) : [];
}

/** Every recording in `folder` that has an RTTM file beside it, by name. */
export function readSpeakerFolder(folder: string): SpeakerReference[] {
  return readdirSync(folder)
    .filter(
      (name) => name.endsWith('.rttm') && existsSync(join(folder, name.replace(/rttm$/, 'flac'))),
    )
    .sort()
    .map((name) => readSpeakerReference(join(folder, name.replace(/rttm$/, 'flac'))));
}

/** The speakers of one recording, from the RTTM file beside it. */
export function readSpeakerReference(audio: string): SpeakerReference {
  const rttm = audio.replace(/\.[^.]+$/, '.rttm');
  return {
    name: basename(rttm, '.rttm'),
    audio,
    rttm,
    turns: readRttm(readFileSync(rttm, 'utf8')),
  };
}

export function fixturesDir(): string {
  return join(projectRoot, 'test', 'fixtures');
}

/** Every reference in `folder` whose recording is there too, shortest first. */
export function readFolder(folder: string): Reference[] {
  return readdirSync(folder)
    .filter(
      (name) => name.endsWith('.json') && existsSync(join(folder, name.replace(/json$/, 'flac'))),
    )
    .map((name) => readReference(join(folder, name)))
    .sort((one, other) => one.durationSeconds - other.durationSeconds);
}
