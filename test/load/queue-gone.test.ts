import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import type { JobEvent } from '#services/jobs/types.js';
import { testFolder } from '../support/paths.js';
import { eventually } from '../support/processes.js';
import {
  conversation,
  openSharedJobs,
  WITH_SPEAKERS,
  WITHOUT_SPEAKERS,
} from '../support/shared-jobs.js';
import { chunksIn, startWorkerProcess, type WorkerProcess } from '../support/worker-process.js';

/** What is refused at once is refused within so long; what hangs takes forever. */
const AT_ONCE_MS = 15_000;
const PATIENCE_MS = 120_000;

describe('jobs of many machines', async () => {
  const shared = await openSharedJobs();
  const skip =
    shared === undefined && 'redis-server is not installed (apt-get install redis-server)';
  let worker: WorkerProcess;
  before(async () => {
    if (shared) worker = await startWorkerProcess(shared.env, ['--concurrency', '2']);
  });
  after(async () => {
    await worker?.close();
    await shared?.close();
  });

  it('go on when Redis was away in the middle of one, and are refused meanwhile', {
    skip,
  }, async () => {
    assert.ok(shared);
    const { jobs, redis } = shared;
    const recording = conversation(5);
    const undisturbed = await shared.undisturbed(recording);
    const ref = await shared.create(recording, WITH_SPEAKERS);
    const told: JobEvent[] = [];
    const events = await jobs.events(ref, { after: 0, signal: new AbortController().signal });
    const listened = (async () => {
      for await (const event of events ?? []) told.push(event);
    })();
    await eventually('a chunk is done', () => chunksIn(worker.output()).length > 0, PATIENCE_MS);
    await redis.stop();
    for (const ask of [
      () => jobs.get(ref),
      () => jobs.counts(),
      () => jobs.cancel(ref),
      () => shared.create(recording, WITH_SPEAKERS),
      () => jobs.list({ owner: ref.owner, limit: 1, order: 'asc' }),
    ]) {
      const startMs = performance.now();
      await assert.rejects(ask, { key: 'jobs_unavailable' });
      assert.ok(performance.now() - startMs < AT_ONCE_MS, 'it is refused at once');
    }
    await redis.start();
    const job = await shared.untilFinal(ref);
    assert.equal(job.status, 'completed', JSON.stringify(job.error));
    assert.deepEqual(await jobs.transcript(ref), undisturbed);
    await listened;
    assert.deepEqual(
      told.map(({ seq }) => seq),
      told.map((_, index) => index + 1),
    );
    assert.deepEqual(told.at(-1)?.news, { type: 'status', status: 'completed' });
  });

  it('are refused when Redis does not answer, and go on when it does', { skip }, async () => {
    assert.ok(shared);
    const { jobs, redis } = shared;
    const ref = await shared.create(conversation(3), WITH_SPEAKERS);
    redis.freeze();
    const startMs = performance.now();
    try {
      await assert.rejects(() => jobs.get(ref), { key: 'jobs_unavailable' });
      await assert.rejects(() => jobs.cancel(ref), { key: 'jobs_unavailable' });
      assert.ok(performance.now() - startMs < 2 * AT_ONCE_MS, 'nobody waits for long');
    } finally {
      redis.thaw();
    }
    const job = await shared.untilFinal(ref);
    assert.equal(job.status, 'completed', JSON.stringify(job.error));
  });

  it('are let go of by a worker when they are cancelled', { skip }, async () => {
    assert.ok(shared);
    const ref = await shared.create(conversation(5), WITH_SPEAKERS);
    const running = async (): Promise<number> => {
      const { running } = (await (await fetch(`${worker.url}/health`)).json()) as {
        running: number;
      };
      return running;
    };
    await eventually('the worker is at it', async () => (await running()) > 1, PATIENCE_MS);
    assert.equal((await shared.jobs.cancel(ref))?.status, 'cancelled');
    await eventually('the worker has let go', async () => (await running()) === 0, PATIENCE_MS);
    const counts = await shared.jobs.counts();
    assert.deepEqual(counts, { pending: 0, processing: 0 });
  });

  it('are put back by a worker that is told to stop, for the next one to go on with', {
    skip,
  }, async () => {
    assert.ok(shared);
    const ref = await shared.create(conversation(4), WITH_SPEAKERS);
    const before = chunksIn(worker.output()).length;
    await eventually(
      'a chunk is done',
      () => chunksIn(worker.output()).length > before,
      PATIENCE_MS,
    );
    const { code, stderr } = await worker.close();
    assert.equal(code, 0);
    const first = chunksIn(stderr).slice(before);
    worker = await startWorkerProcess(shared.env, ['--concurrency', '2']);
    assert.equal((await shared.untilFinal(ref)).status, 'completed');
    const all = [...first, ...chunksIn(worker.output())];
    assert.deepEqual([...all].sort(), [...new Set(all)].sort());
  });

  it('go on when Redis was full in the middle of one, and can be removed meanwhile', {
    skip,
  }, async () => {
    assert.ok(shared);
    const { jobs, redis } = shared;
    const recording = conversation(4);
    const ref = await shared.create(recording, WITHOUT_SPEAKERS);
    const unwanted = await shared.create(recording, WITHOUT_SPEAKERS, 'another');
    const before = chunksIn(worker.output()).length;
    await eventually(
      'a chunk is done',
      () => chunksIn(worker.output()).length > before,
      PATIENCE_MS,
    );
    const client = new Redis(redis.url);
    try {
      await client.config('SET', 'maxmemory', '1');
      await assert.rejects(() => shared.create(recording, WITHOUT_SPEAKERS), {
        key: 'jobs_unavailable',
      });
      assert.equal(await jobs.remove(unwanted), true);
      await eventually(
        'the worker is refused',
        () => worker.output().includes('Redis refuses to write'),
        PATIENCE_MS,
      );
      await client.config('SET', 'maxmemory', '0');
    } finally {
      client.disconnect();
    }
    const job = await shared.untilFinal(ref);
    assert.equal(job.status, 'completed', JSON.stringify(job.error));
    assert.equal(await jobs.get(unwanted), undefined);
  });

  it('are done by others where a worker does not see the files', {
    skip,
  }, async () => {
    assert.ok(shared);
    const elsewhere = await testFolder();
    const blind = await startWorkerProcess(
      { ...shared.env, BLOB_URL: pathToFileURL(elsewhere.path).href },
      ['--concurrency', '4'],
    );
    try {
      const refs = await Promise.all(
        [1, 1, 3].map((chunks) => shared.create(conversation(chunks), WITHOUT_SPEAKERS)),
      );
      for (const ref of refs) {
        const job = await shared.untilFinal(ref);
        assert.equal(job.status, 'completed', JSON.stringify(job.error));
      }
    } finally {
      await blind.close();
      await elsewhere.remove();
    }
    assert.match(blind.output(), /BLOB_URL has to lead gateways and workers to the same files/);
  });

  it('tell how a worker is', { skip }, async () => {
    const page = async (path: string) => fetch(`${worker.url}${path}`);
    assert.equal((await page('/health')).status, 200);
    assert.equal((await page('/ready')).status, 200);
    assert.match(await (await page('/metrics')).text(), /whosaid_build_info/);
    assert.equal((await page('/nothing')).status, 404);
  });
});
