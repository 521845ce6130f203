import { isMoonshinePrepared, prepareMoonshine } from './moonshine/prepare.js';

export type ModelFolder = {
  readonly family: string;
  /** Folder with the model's checked files; derived files are written beside them. */
  readonly dir: string;
};

const steps: Record<
  string,
  { prepare(dir: string): Promise<void>; isPrepared(dir: string): Promise<boolean> }
> = {
  moonshine: { prepare: prepareMoonshine, isPrepared: isMoonshinePrepared },
};

/**
 * Does what a family needs once after its files were fetched (an edited graph, a token table). Safe to repeat; files
 * appear whole or not at all.
 *
 * @throws Error if the files are not what the family's step expects.
 */
export async function prepareModel({ family, dir }: ModelFolder): Promise<void> {
  await steps[family]?.prepare(dir);
}

/** Whether everything derived is there and was made by this version of the step. */
export async function isPrepared({ family, dir }: ModelFolder): Promise<boolean> {
  return (await steps[family]?.isPrepared(dir)) ?? true;
}
