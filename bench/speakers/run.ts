import { describeEnvironment } from '../report/environment.js';
import { loadReferences, readSpeakerReference } from '../scoring/references.js';
import { openPipeline } from '../support/open-pipeline.js';
import { reportLong } from './long-report.js';
import { measureChunks } from './measure-chunks.js';
import { measureLong } from './measure-long.js';
import { measureSpeed } from './measure-speed.js';
import { reportSpeakers } from './report.js';

/** What the bars are about. */
const RECORDING = 'six-speakers-long';

/** Lengths of the two long recordings. */
export type LongMinutes = readonly [short: number, long: number];

/**
 * Measures diarization and prints it: its speed beside sherpa's and what short chunks cost; with `long`, time and memory
 * for a long recording against a shorter one instead.
 */
export async function runSpeakersBench({
  repetitions,
  long,
}: {
  repetitions: number;
  long?: LongMinutes;
}): Promise<void> {
  const report = long === undefined ? await measureOne(repetitions) : await measureTwoLengths(long);
  process.stdout.write(`${report}\n`);
}

async function measureOne(repetitions: number): Promise<string> {
  const environment = describeEnvironment();
  const { words, reference } = recording();
  const pipeline = await openPipeline();
  try {
    const speed = await measureSpeed({ pipeline, reference, repetitions });
    const chunks = await measureChunks({ pipeline, reference, words });
    const complete = reference.name === RECORDING;
    return reportSpeakers(environment, { name: reference.name, complete, speed, chunks });
  } finally {
    await pipeline.close();
  }
}

async function measureTwoLengths(long: LongMinutes): Promise<string> {
  const environment = describeEnvironment();
  const { reference } = recording();
  const lengthsSeconds = long.map((minutes) => minutes * 60);
  const [shorter, longer] = await measureLong({ reference, lengthsSeconds });
  if (shorter === undefined || longer === undefined) throw new Error('Two lengths are needed.');
  return reportLong(environment, { name: reference.name, short: shorter, long: longer });
}

/** The recording of the bars; where the evaluation data is absent, the longest fixture. */
function recording() {
  const words = loadReferences().references.at(-1);
  if (words === undefined) throw new Error('There is no recording with a reference.');
  return { words, reference: readSpeakerReference(words.audio) };
}
