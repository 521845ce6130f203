import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { encodeWav } from '#services/audio/wav.js';
import { loadReferences } from '../scoring/references.js';
import { clearTurnIndices } from '../scoring/word-starts.js';
import type { OpenPipeline } from '../support/open-pipeline.js';

/** Paths of recordings to send. */
export type Clips = {
  /** Of 3 to 5 seconds, one sentence each. */
  readonly short: readonly string[];
  /** A minute of several speakers. */
  readonly minute: string;
};

const SHORTEST_SECONDS = 3;
const LONGEST_SECONDS = 5;
const MOST_CLIPS = 20;
const MINUTE_SECONDS = 60;

/** Cuts clips out of the longest recording with a reference. The caller removes the folder. */
export async function writeClips({
  decode,
  folder,
}: {
  decode: OpenPipeline['decode'];
  folder: string;
}): Promise<Clips> {
  const source = loadReferences().references.at(-1);
  if (source === undefined) throw new Error('There is no recording with a reference.');
  const samples = await decode(source.audio);
  const write = async (name: string, start: number, end: number) => {
    const path = join(folder, `${name}.wav`);
    await writeFile(path, encodeWav(samples.slice(start * SAMPLE_RATE, end * SAMPLE_RATE)));
    return path;
  };
  const turns = clearTurnIndices(source.turns)
    .flatMap((index) => source.turns[index] ?? [])
    .filter(({ start, end }) => end - start >= SHORTEST_SECONDS && end - start <= LONGEST_SECONDS)
    .slice(0, MOST_CLIPS);
  return {
    short: await Promise.all(turns.map(({ start, end }, at) => write(`short-${at}`, start, end))),
    minute: await write('minute', 0, MINUTE_SECONDS),
  };
}
