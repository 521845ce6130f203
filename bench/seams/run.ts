import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRecording } from '../long/made-recording.js';
import { describeEnvironment } from '../report/environment.js';
import { note } from '../report/progress.js';
import { alignLongWords } from '../scoring/long-words.js';
import type { TimedWord } from '../scoring/word-starts.js';
import { openPipeline } from '../support/open-pipeline.js';
import { recogniseInChunks } from './recognise.js';
import { reportSeams } from './report.js';
import { AROUND_SECONDS, seamErrors } from './seam-errors.js';

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
    note(`seams: recognising with chunks of ${chunkSeconds} s`);
    const chunks = await recogniseInChunks({ path, pipeline, chunkSeconds });
    note('seams: recognising as one chunk');
    const { segments } = await pipeline.transcribe(path, { chunkSeconds: 2 * made.seconds });
    const align = (words: readonly TimedWord[]) => alignLongWords(made.turns, words);
    const joined = align(chunks.joined);
    const whole = align(segments.flatMap(({ words }) => words));
    const result = seamErrors({
      joined,
      whole,
      earlier: align(chunks.earlier),
      later: align(chunks.later),
      seams: chunks.seams.slice(0, wanted),
      // As far as the next seam, so that nothing is counted that it did.
      seconds: (chunks.seams[wanted]?.from ?? made.seconds) - AROUND_SECONDS,
    });
    process.stdout.write(
      `${reportSeams(environment, { result, joined, whole, made, chunkSeconds, errors })}\n`,
    );
  } finally {
    await pipeline.close();
    await rm(folder, { recursive: true, force: true });
  }
}
