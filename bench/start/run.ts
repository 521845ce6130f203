import { type Bar, barTable } from '../report/bars.js';
import { describeEnvironment } from '../report/environment.js';
import { note } from '../report/progress.js';
import { median, spread } from '../report/statistics.js';
import { startServerProcess } from '../support/server-process.js';

/** The first start may still install, build or fetch; it is not measured and may take this long. */
const FIRST_START_MS = 15 * 60_000;

/** Measures `npm start` until /health says that the model is loaded, and prints it. */
export async function runStartBench({ repetitions }: { repetitions: number }): Promise<void> {
  const environment = describeEnvironment();
  note('start: one start that is not measured');
  await startOnce(FIRST_START_MS);
  const seconds: number[] = [];
  for (let run = 1; run <= repetitions; run++) {
    seconds.push((await startOnce()) / 1000);
    note(`start: ${run} of ${repetitions}: ${seconds.at(-1)?.toFixed(2)} s`);
  }
  const bar: Bar = {
    what: '`npm start` to ready, models on disk',
    value: median(seconds),
    limit: { atMost: 4 },
    unit: ' s',
  };
  process.stdout.write(
    `## Start\n\n${environment}\n\nMedian of ${repetitions}: ${spread(seconds, ' s', 2)}\n\n${barTable([bar])}\n`,
  );
}

async function startOnce(timeoutMs?: number): Promise<number> {
  const server = await startServerProcess({
    command: 'npm',
    args: ['start'],
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  await server.stop();
  return server.readyMs;
}
