import { setTimeout as sleep } from 'node:timers/promises';
import { postAudio } from '../gateway/post-audio.js';
import { note } from '../report/progress.js';
import { type MemorySample, sampleMemory } from '../support/memory-log.js';
import { HEAP_BYTES, scrape } from '../support/scrape.js';
import type { ServerProcess } from '../support/server-process.js';

/** Memory of an idle server after so many requests. */
export type IdleMemory = {
  readonly requests: number;
  /** Several, some time apart. */
  readonly samples: readonly MemorySample[];
  /** In use in the gateway's V8, garbage included. */
  readonly heapBytes: number;
};

export type RequestsRun = {
  readonly memory: readonly IdleMemory[];
  /** Requests that were not answered with a transcript, by status. */
  readonly failed: ReadonlyMap<number, number>;
  readonly elapsedMs: readonly number[];
};

const SAMPLE_EVERY_REQUESTS = 100;
/** Every so many, one asks who speaks. */
const DIARIZE_EVERY_REQUESTS = 4;
const SETTLE_MS = 3000;
const SAMPLES = 5;
const BETWEEN_SAMPLES_MS = 500;

/** Sends short clips one after the other, and looks at the memory of the idle server after every hundred. */
export async function measureRequests({
  server,
  clips,
  requests,
}: {
  server: ServerProcess;
  clips: readonly string[];
  requests: number;
}): Promise<RequestsRun> {
  const { url } = server;
  const memory: IdleMemory[] = [];
  const failed = new Map<number, number>();
  const elapsedMs: number[] = [];
  for (let count = 1; count <= requests; count++) {
    const path = clips[count % clips.length] as string;
    const isDiarized = count % DIARIZE_EVERY_REQUESTS === 0;
    const answer = await postAudio({
      url,
      path,
      ...(isDiarized && { fields: { diarize: 'true' } }),
    });
    elapsedMs.push(answer.elapsedMs);
    if (answer.status !== 200) failed.set(answer.status, (failed.get(answer.status) ?? 0) + 1);
    if (count % SAMPLE_EVERY_REQUESTS !== 0) continue;
    memory.push({ requests: count, ...(await idleMemory(server)) });
    note(`endurance: ${count} of ${requests} requests`);
  }
  return { memory, failed, elapsedMs };
}

async function idleMemory({ url, pid }: ServerProcess): Promise<Omit<IdleMemory, 'requests'>> {
  await sleep(SETTLE_MS);
  const samples: MemorySample[] = [];
  while (samples.length < SAMPLES) {
    samples.push(sampleMemory(pid));
    await sleep(BETWEEN_SAMPLES_MS);
  }
  return { samples, heapBytes: (await scrape(url)).get(HEAP_BYTES) ?? Number.NaN };
}
