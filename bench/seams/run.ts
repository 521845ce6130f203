import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRecording } from '../long/made-recording.js';
import { describeEnvironment } from '../report/environment.js';
import { note } from '../report/progress.js';
import { alignLongWords } from '../scoring/long-words.js';
import { type OpenPipeline, openPipeline } from '../support/open-pipeline.js';
import { findSeams } from './find-seams.js';
import { reportSeams } from './report.js';
import { seamErrors } from './seam-errors.js';

/** So much of a chunk's length is between two seams on the mean (0.68), and a little more. */
const CHUNKS_FOR_EACH = 0.72;

/** Prints how many words are lost or doubled where chunks are joined: see `npm run bench -- seams --help`. */
export async function runSeamsBench(options: {
  seams: number;
  chunkSeconds: number;
  errors?: boolean;
}): Promise<void> {
  const { seams: wanted, chunkSeconds, errors = false } = options;
  const environment = describeEnvironment();
  const made = await makeRecording(chunkSeconds * (wanted * CHUNKS_FOR_EACH + 2));
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-seams-'));
  const pipeline = await openPipeline();
  try {
    const path = join(folder, 'recording.wav');
    await writeFile(path, made.wav());
    const found = await findSeams({
      path,
      chunkSeconds,
      decoder: pipeline.decoder,
      speech: pipeline.speech,
      overlapSeconds: pipeline.settings.chunkOverlapSeconds,
    });
    const seams = found.slice(0, wanted);
    // As far as the chunk that follows the last of them, so that nothing is counted that another seam did.
    const seconds = (found[wanted]?.from ?? made.seconds) - 1;
    const align = async (chunkSeconds: number) =>
      alignLongWords(made.turns, await wordsOf({ pipeline, path, chunkSeconds }));
    const chunked = await align(chunkSeconds);
    const whole = await align(2 * made.seconds);
    const result = seamErrors({ chunked, whole, seams, seconds });
    process.stdout.write(
      `${reportSeams(environment, { result, chunked, whole, made, chunkSeconds, errors })}\n`,
    );
  } finally {
    await pipeline.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function wordsOf({
  pipeline,
  path,
  chunkSeconds,
}: {
  pipeline: OpenPipeline;
  path: string;
  chunkSeconds: number;
}) {
  note(`seams: recognising with chunks of at most ${chunkSeconds.toFixed(0)} s`);
  const { segments } = await pipeline.transcribe(path, { chunkSeconds });
  return segments.flatMap(({ words }) => words);
}
