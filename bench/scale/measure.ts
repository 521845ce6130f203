import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describeEnvironment } from '../report/environment.js';
import { note } from '../report/progress.js';
import { openPipeline } from '../support/open-pipeline.js';
import { startRedisProcess } from '../support/redis-process.js';
import type { ScaleFigures } from './figures.js';
import { measureCutting } from './measure-cutting.js';
import { measureRedisSpeed } from './measure-redis.js';
import { type MeasuredRun, measureRun } from './measure-run.js';
import { writeRecording } from './recording.js';

export type MeasureOptions = {
  /** Numbers of workers, one run each. */
  readonly workers: readonly number[];
  /** Length of the recording. */
  readonly minutes: number;
  readonly chunkSeconds: number;
  readonly overlapSeconds: number;
};

/** Runs real workers on this machine. Throws Error where redis-server or a model is not installed. */
export async function measureScale(options: MeasureOptions): Promise<ScaleFigures> {
  const { workers, minutes, chunkSeconds, overlapSeconds } = options;
  const environment = describeEnvironment();
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-bench-scale-'));
  const redis = await startRedisProcess();
  const client = new Redis(redis.url);
  try {
    note(`scale: making a recording of ${minutes} min`);
    const { path, ...recording } = await writeRecording({ seconds: 60 * minutes, folder });
    const commandsPerSecond = await measureRedisSpeed(redis.url);
    const chunking = { chunkSeconds, overlapSeconds };
    const cut = await measureCuttingAlone({ path, folder, ...chunking });
    const runs: MeasuredRun[] = [];
    for (const count of workers)
      runs.push(
        await measureRun({ workers: count, path, ...chunking, redisUrl: redis.url, client }),
      );
    return {
      environment,
      runs: runs.map(({ idleCommandsPerSecond: _, ...run }) => run),
      ...{ recording, ...chunking, cut },
      redis: { commandsPerSecond, idleCommandsPerSecond: idleOf(runs) },
    };
  } finally {
    client.disconnect();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureCuttingAlone(
  options: Parameters<typeof measureCutting>[1],
): Promise<ScaleFigures['cut']> {
  note('scale: cutting it');
  const pipeline = await openPipeline({ asrHosts: 1 });
  try {
    return await measureCutting(pipeline, options);
  } finally {
    await pipeline.close();
  }
}

/** Of one worker: those with the most of them say most about one, as the gateway asks a little, too. */
function idleOf(runs: readonly MeasuredRun[]): number {
  const most = runs.reduce((one, other) => (other.workers > one.workers ? other : one));
  return most.idleCommandsPerSecond / most.workers;
}
