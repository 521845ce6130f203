import { spawnSync } from 'node:child_process';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import type { MeasuredChunk } from './figures.js';

export type BenchWorker = {
  /** The chunks that it says it has done so far, each with the time at which it was, in Unix milliseconds. */
  chunks(): readonly (MeasuredChunk & { readonly atMs: number })[];
  /** Ends it. */
  stop: ServerProcess['stop'];
};

/** Whether processes can be kept on one core here. */
export const canPin = spawnSync('taskset', ['--version']).status === 0;

/** A worker as people run it, with one engine of each kind, kept on one core where that is wanted. */
export async function startBenchWorker({
  core,
  env,
}: {
  core: number | undefined;
  env: Readonly<Record<string, string>>;
}): Promise<BenchWorker> {
  const log: string[] = [];
  const pinned = core === undefined ? [] : ['taskset', '--cpu-list', `${core}`];
  const worker = ['bin/whosaid', 'worker', '--concurrency', '1', '--health-port'];
  const { stop } = await startServerProcess({
    command: 'env',
    args: (port) => [...pinned, ...worker, `${port}`],
    env: { ...env, LOG_FORMAT: 'json', LOG_LEVEL: 'debug' },
    onOutput: (text) => log.push(text),
  });
  return { chunks: () => log.join('').split('\n').flatMap(chunkOf), stop };
}

/** What a line of a worker's log says of a chunk that is done. */
function chunkOf(line: string): (MeasuredChunk & { atMs: number })[] {
  if (!line.includes('A chunk of a job is done')) return [];
  const { timestamp, audioSeconds, workSeconds } = JSON.parse(line) as MeasuredChunk & {
    timestamp: string;
  };
  return [{ atMs: Date.parse(timestamp), audioSeconds, workSeconds }];
}
