import { isMoonshinePrepared, prepareMoonshine } from './moonshine/prepare.js';
import { isWhisperComplete, prepareWhisper } from './whisper/prepare.js';

export type ModelFolder = {
  readonly family: string;
  readonly modelId: string;
  /** Folder with the model's checked files; derived files are written beside them. */
  readonly modelDir: string;
  /** Names of the fetched ones, below that folder. */
  readonly files: readonly string[];
};

type Steps = {
  /** Gives a sentence for each thing that could not be made and can be done without. */
  prepare(folder: ModelFolder): Promise<readonly string[]>;
  /** Absent: the engine needs nothing but the fetched files. */
  isPrepared?(folder: ModelFolder): Promise<boolean>;
  /** Absent: the engine makes use of nothing beyond what it needs. */
  isComplete?(folder: ModelFolder): Promise<boolean>;
};

const families: Readonly<Record<string, Steps>> = {
  moonshine: {
    async prepare({ modelDir }) {
      await prepareMoonshine(modelDir);
      return [];
    },
    isPrepared: ({ modelDir }) => isMoonshinePrepared(modelDir),
  },
  whisper: { prepare: prepareWhisper, isComplete: isWhisperComplete },
};

/**
 * Does what a family needs once after its files were fetched (an edited graph, a token table). Safe to repeat; files
 * appear whole or not at all.
 *
 * @returns A sentence for each thing that could not be made and can be done without.
 * @throws Error if the files are not what the family's step expects.
 */
export async function prepareModel(folder: ModelFolder): Promise<readonly string[]> {
  return (await families[folder.family]?.prepare(folder)) ?? [];
}

/** Whether everything derived that the engine needs is there and was made by this version of the step. */
export async function isPrepared(folder: ModelFolder): Promise<boolean> {
  return (await families[folder.family]?.isPrepared?.(folder)) ?? true;
}

/** Whether `prepareModel` has nothing left to do, not even what can be done without. */
export async function isComplete(folder: ModelFolder): Promise<boolean> {
  if (!(await isPrepared(folder))) return false;
  return (await families[folder.family]?.isComplete?.(folder)) ?? true;
}
