import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Redis } from 'ioredis';
import { createJob, jobEvents, jobResult } from '../jobs/client.js';
import { note } from '../report/progress.js';
import { withServer } from '../support/server-process.js';
import { coreShares } from './core-shares.js';
import type { ScaleRun } from './figures.js';
import { idleCommands } from './measure-redis.js';
import { readRedisInfo, redisUseBetween } from './redis-use.js';
import { type BenchWorker, canPin, startBenchWorker } from './start-worker.js';
import { watchStore } from './watch-store.js';

export type RunOptions = {
  readonly workers: number;
  /** The recording. */
  readonly path: string;
  readonly chunkSeconds: number;
  readonly overlapSeconds: number;
  readonly redisUrl: string;
  /** Of the same Redis. */
  readonly client: Redis;
};

const IDLE_SECONDS = 10;

/** A run, and what its workers asked of Redis in a second when there was nothing to do, all together. */
export type MeasuredRun = ScaleRun & { readonly idleCommandsPerSecond: number };

/**
 * One job, done by so many workers: real processes of a gateway that works on nothing itself, of workers on one core each,
 * and of Redis. @throws Error when the job does not end well
 */
export async function measureRun(options: RunOptions): Promise<MeasuredRun> {
  const { workers: count, redisUrl, chunkSeconds, overlapSeconds } = options;
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-bench-store-'));
  const shares = coreShares({ workers: count, cores: cpus().length, canPin });
  const env = {
    QUEUE_URL: redisUrl,
    BLOB_URL: pathToFileURL(folder).href,
    CHUNK_SECONDS: `${chunkSeconds}`,
    CHUNK_OVERLAP_SECONDS: `${overlapSeconds}`,
    JOB_CONCURRENCY: '0',
    ASR_HOSTS: '1',
    SPEAKER_HOSTS: '1',
    ENABLE_SPEAKER_DIARIZATION: 'always',
  };
  const workers: BenchWorker[] = [];
  try {
    return await withServer(env, async ({ url }) => {
      for (const core of shares.cores) workers.push(await startBenchWorker({ core, env }));
      note(`scale: one recording, ${count} ${count === 1 ? 'worker' : 'workers'}, ${shares.text}`);
      const run = await workThrough({ ...options, url, folder, workers });
      const idle = await idleCommands(options.client, IDLE_SECONDS);
      return {
        ...run,
        workers: count,
        pinning: shares.text,
        idleCommandsPerSecond: idle / IDLE_SECONDS,
      };
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await options.client.flushdb();
    await rm(folder, { recursive: true, force: true });
  }
}

async function workThrough({
  url,
  path,
  folder,
  client,
  workers,
}: Omit<RunOptions, 'workers'> & {
  url: string;
  folder: string;
  workers: readonly BenchWorker[];
}): Promise<Omit<ScaleRun, 'workers' | 'pinning'>> {
  const store = watchStore(folder);
  const before = readRedisInfo(await client.info('all'));
  const sentAt = Date.now();
  const { id } = await createJob({ url }, { path, fields: { diarize: 'true' } });
  const uploadSeconds = (Date.now() - sentAt) / 1000;
  const events = await jobEvents({ url }, id);
  const after = readRedisInfo(await client.info('all'));
  const last = events.at(-1)?.data;
  if (last?.status !== 'completed') throw new Error(`The job ended as ${String(last?.status)}.`);
  const endedAt = Number(last.at) * 1000;
  const chunks = workers.flatMap((worker) => worker.chunks());
  const transcript = await jobResult({ url }, id);
  return {
    seconds: (endedAt - sentAt) / 1000,
    uploadSeconds,
    mergeSeconds: (endedAt - Math.max(...chunks.map(({ atMs }) => atMs))) / 1000,
    chunks: chunks.map(({ audioSeconds, workSeconds }) => ({ audioSeconds, workSeconds })),
    redis: redisUseBetween(before, after),
    stored: await store.stop(),
    transcriptHash: createHash('sha256').update(transcript).digest('hex'),
  };
}
