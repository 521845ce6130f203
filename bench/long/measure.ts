import { note } from '../report/progress.js';
import { logMemory, type MemorySample } from '../support/memory-log.js';
import { canWatchMemory } from '../support/process-memory.js';
import type { ServerProcess } from '../support/server-process.js';
import type { MadeRecording } from './made-recording.js';
import { type LongAnswer, postMadeRecording } from './post-made.js';
import { type ProgressPoint, watchProgress } from './watch-progress.js';

/** Everything that was seen while a long recording was worked on. */
export type LongWatch = {
  readonly answer: LongAnswer;
  readonly progress: readonly ProgressPoint[];
  /** Seconds at which the server did not answer on /metrics. */
  readonly missed: number;
  readonly memory: readonly MemorySample[];
};

const EVERY_MS = 1000;
const NOTE_EVERY_SECONDS = 600;

/** As a job asks for it: all words with their times, and who says them. */
const FIELDS = [
  ['model', 'whisper-1'],
  ['response_format', 'verbose_json'],
  ['timestamp_granularities[]', 'word'],
  ['timestamp_granularities[]', 'segment'],
  ['diarize', 'true'],
] as const;

/**
 * Sends a recording to a running server while it is made, and watches memory and progress each second until the answer
 * is there.
 *
 * @throws Error that says what became of the server when the connection ends before the answer does
 */
export async function measureLongRecording({
  server,
  recording,
}: {
  server: ServerProcess;
  recording: MadeRecording;
}): Promise<LongWatch> {
  const { url, pid } = server;
  let noted = 0;
  const onPoint = ({ audioSeconds }: ProgressPoint) => {
    if (audioSeconds < noted + NOTE_EVERY_SECONDS) return;
    noted = audioSeconds;
    note(`long: ${minutes(audioSeconds)} of ${minutes(recording.seconds)} min`);
  };
  const progress = await watchProgress({ url, everyMs: EVERY_MS, onPoint });
  const memory = canWatchMemory ? logMemory({ rootPid: pid, everyMs: EVERY_MS }) : undefined;
  try {
    const onSent = () => note('long: all of it is sent');
    const answer = await postMadeRecording({ url, recording, fields: FIELDS, onSent });
    const { points, missed } = await progress.stop();
    return { answer, progress: points, missed, memory: memory?.stop() ?? [] };
  } catch (cause) {
    const end = server.end();
    const state = end === undefined ? 'The server is still running.' : `The server: ${end}`;
    const reached = `after ${minutes((await progress.stop()).points.at(-1)?.audioSeconds ?? 0)} min`;
    throw new Error(
      `The connection ended without an answer, ${reached} of audio: ${(cause as Error).message}. ${state}`,
      { cause },
    );
  } finally {
    await progress.stop();
    memory?.stop();
  }
}

function minutes(seconds: number): string {
  return (seconds / 60).toFixed(0);
}
