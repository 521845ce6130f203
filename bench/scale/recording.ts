import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FlacEncoder } from '#services/jobs/redis/flac/flac-encoder.js';
import { makeRecording } from '../long/made-recording.js';
import type { ScaleFigures } from './figures.js';

/** Writes a conversation of so many seconds as FLAC. The caller removes the folder. */
export async function writeRecording({
  seconds,
  folder,
}: {
  seconds: number;
  folder: string;
}): Promise<ScaleFigures['recording'] & { readonly path: string }> {
  const [pcm, path] = [join(folder, 'recording.pcm'), join(folder, 'recording.flac')];
  const made = await makeRecording(seconds);
  const [, ...samples] = made.wav();
  await writeFile(pcm, samples);
  const encoder = new FlacEncoder();
  try {
    await encoder.write({ pcm, flac: path }, { signal: new AbortController().signal });
  } finally {
    await encoder.dispose();
    await rm(pcm, { force: true });
  }
  return { path, seconds, bytes: (await stat(path)).size };
}
