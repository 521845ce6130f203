import { describeEnvironment } from '../report/environment.js';
import { type AsrMeasurements, measureAsr } from './measure.js';
import { reportAsr } from './report.js';

/** Measures recognition speed and memory, all contenders in turn, and prints it. */
export async function runAsrBench({
  repetitions,
  file,
}: {
  repetitions: number;
  file?: string;
}): Promise<void> {
  const environment = describeEnvironment();
  const measurements: AsrMeasurements = await measureAsr({ repetitions, file });
  process.stdout.write(`${reportAsr(environment, measurements)}\n`);
}
