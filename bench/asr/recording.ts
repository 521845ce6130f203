import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { SAMPLE_RATE } from '#services/asr/types.js';
import type { AudioDecoder } from '#services/audio/types.js';
import { encodeWav } from '#services/audio/wav.js';
import { loadReferences, type Reference } from '../scoring/references.js';
import { decodeAll } from '../support/decode-all.js';

/** A recording to measure speed with. */
export type BenchRecording = {
  readonly path: string;
  /** What it is, for the report. */
  readonly name: string;
  readonly seconds: number;
  /** Removes what was made for it. */
  remove(): Promise<void>;
};

const TARGET_SECONDS = 595;

/** The file that was asked for; else the longest conversation with a reference; else the fixtures, again and again. */
export async function benchRecording({
  decoder,
  file,
}: {
  decoder: AudioDecoder;
  file: string | undefined;
}): Promise<BenchRecording> {
  if (file !== undefined) return { path: file, name: basename(file), seconds: 0, remove: nothing };
  const { references } = loadReferences();
  const longest = references.at(-1);
  if (longest !== undefined && longest.durationSeconds >= TARGET_SECONDS * 0.9) {
    return {
      path: longest.audio,
      name: longest.name,
      seconds: longest.durationSeconds,
      remove: nothing,
    };
  }
  return repeatRecordings({ decoder, references });
}

async function nothing(): Promise<void> {}

async function repeatRecordings({
  decoder,
  references,
}: {
  decoder: AudioDecoder;
  references: readonly Reference[];
}): Promise<BenchRecording> {
  const parts = await Promise.all(
    references.map((reference) => decodeAll(decoder, reference.audio)),
  );
  const samples = new Int16Array(TARGET_SECONDS * SAMPLE_RATE);
  for (let at = 0, turn = 0; at < samples.length && parts.length > 0; turn++) {
    const part = parts[turn % parts.length] as Int16Array;
    samples.set(part.subarray(0, samples.length - at), at);
    at += part.length;
  }
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-bench-'));
  const path = join(folder, 'fixtures-repeated.wav');
  await writeFile(path, encodeWav(samples));
  return {
    path,
    name: `the fixtures repeated (${references.map((reference) => reference.name).join(', ')})`,
    seconds: TARGET_SECONDS,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
