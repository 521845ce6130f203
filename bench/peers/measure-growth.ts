import { makeRecording } from '../long/made-recording.js';
import { measureLongRecording } from '../long/measure.js';
import { scoreLongAnswer } from '../long/score.js';
import { partsOf } from '../long/timeline.js';
import { describeEnvironment } from '../report/environment.js';
import { note } from '../report/progress.js';
import type { CleanUp } from '../support/clean-up.js';
import { cpuBetween, readCpu } from '../support/cpu-time.js';
import { startServerProcess } from '../support/server-process.js';
import type { GrowthFigures } from './figures.js';

const HOUR_SECONDS = 3600;
const EVERY_MS = 2000;

type CpuPoint = { readonly atMs: number; readonly cpuSeconds: number };

/**
 * One recording of many hours over the real endpoint: what each hour costs. The last hour ends with the answer, so it
 * holds what is done at the end with the whole recording.
 *
 * @throws Error when the server dies or answers with an error
 */
export async function measureGrowth({
  hours,
  cleanUp,
}: {
  hours: number;
  cleanUp: CleanUp;
}): Promise<GrowthFigures> {
  const environment = describeEnvironment();
  const recording = await makeRecording(hours * HOUR_SECONDS);
  const server = await startServerProcess({ command: 'bin/whosaid', args: ['serve'] });
  cleanUp.add(() => server.stop());
  const cpu = watchCpu(server.pid);
  try {
    note(`peers: ${hours} hours over HTTP`);
    const { answer, progress } = await measureLongRecording({ server, recording });
    if (answer.status !== 200)
      throw new Error(`The server answered with ${answer.status}: ${answer.body.slice(0, 500)}`);
    const parts = partsOf({
      points: progress,
      seconds: recording.seconds,
      partSeconds: HOUR_SECONDS,
      startMs: answer.sentMs,
      endMs: answer.answeredMs,
    });
    const points = cpu.stop();
    const { words, speakers } = scoreLongAnswer(answer.body, recording.turns);
    return {
      environment,
      recording: `${hours} hours made of the turns of ${recording.source.name}`,
      hours: parts.map(({ fromMs, toMs }) => ({
        wallSeconds: (toMs - fromMs) / 1000,
        cpuSeconds: cpuAt(points, toMs) - cpuAt(points, fromMs),
      })),
      der: speakers.rate,
      wer: words.rate,
    };
  } finally {
    cpu.stop();
    await server.stop();
  }
}

/** Processor time of the server and all its processes since the watch began, again and again. */
function watchCpu(rootPid: number): { stop(): readonly CpuPoint[] } {
  let [before, total] = [readCpu(rootPid), 0];
  const points: CpuPoint[] = [];
  const read = () => {
    const now = readCpu(rootPid);
    total += cpuBetween(before, now).seconds;
    before = now;
    points.push({ atMs: performance.now(), cpuSeconds: total });
  };
  read();
  const timer = setInterval(read, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      read();
      return points;
    },
  };
}

/** Between two points it is taken to grow evenly. */
function cpuAt(points: readonly CpuPoint[], atMs: number): number {
  const after = points.findIndex((point) => point.atMs >= atMs);
  const [before, next] = [points[after - 1], points[after]];
  if (before === undefined || next === undefined) return (next ?? points.at(-1))?.cpuSeconds ?? 0;
  const share = (atMs - before.atMs) / (next.atMs - before.atMs);
  return before.cpuSeconds + share * (next.cpuSeconds - before.cpuSeconds);
}
