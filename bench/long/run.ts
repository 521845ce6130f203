import { describeEnvironment } from '../report/environment.js';
import { note } from '../report/progress.js';
import { startServerProcess } from '../support/server-process.js';
import { makeRecording } from './made-recording.js';
import { measureLongRecording } from './measure.js';
import { reportLongRecording } from './report.js';
import { scoreLongAnswer } from './score.js';

/**
 * Sends a recording of many hours to a server of its own and prints what became of it.
 *
 * @throws Error when the server dies or answers with an error
 */
export async function runLongBench({
  hours,
  measureHours = hours,
}: {
  hours: number;
  /** So much of it is really made and worked on; the rest is extrapolated. */
  measureHours?: number;
}): Promise<void> {
  const environment = describeEnvironment();
  const recording = await makeRecording(Math.min(hours, measureHours) * 3600);
  const server = await startServerProcess({ command: 'bin/whosaid', args: ['serve'] });
  try {
    const watch = await measureLongRecording({ server, recording });
    const { status, body } = watch.answer;
    if (status !== 200)
      throw new Error(`The server answered with ${status}: ${body.slice(0, 500)}`);
    note('long: comparing the words with the known text');
    const score = scoreLongAnswer(body, recording.turns);
    process.stdout.write(
      `${reportLongRecording(environment, { recording, hours, watch, score })}\n`,
    );
  } finally {
    await server.stop();
  }
}
