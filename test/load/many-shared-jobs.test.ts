import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Job, JobRef } from '#services/jobs/types.js';
import { silence } from '../support/clips.js';
import { openSharedJobs, WITHOUT_SPEAKERS } from '../support/shared-jobs.js';
import { chunksIn, startWorkerProcess, type WorkerProcess } from '../support/worker-process.js';

const JOBS = 500;
const FEW = 100;
const WORKERS = 2;

describe(`${JOBS} small jobs that are posted at once and shared by ${WORKERS} workers`, async () => {
  const shared = await openSharedJobs();
  const workers: WorkerProcess[] = [];
  before(async () => {
    if (!shared) return;
    for (let count = 0; count < WORKERS; count++)
      workers.push(await startWorkerProcess(shared.env, ['--concurrency', '2']));
  });
  after(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    await shared?.close();
  });

  const skip =
    shared === undefined && 'redis-server is not installed (apt-get install redis-server)';
  it('are all completed, each once, and owners take turns', { skip }, async (test) => {
    assert.ok(shared);
    const create = (owner: string, count: number): Promise<JobRef[]> =>
      Promise.all(
        Array.from({ length: count }, () => shared.create(silence(1), WITHOUT_SPEAKERS, owner)),
      );
    const refs = [...(await create('many', JOBS - FEW)), ...(await create('few', FEW))];
    const jobs: Job[] = [];
    for (const ref of refs) jobs.push(await shared.untilFinal(ref));
    assert.deepEqual(
      jobs.filter(({ status }) => status !== 'completed'),
      [],
    );
    // Each is one chunk.
    assert.equal(workers.flatMap((worker) => chunksIn(worker.output())).length, JOBS);
    // From when the few were all there, the others had as many turns as they.
    const endOf = (owner: string) =>
      jobs.filter((job) => job.owner === owner).map(({ endedAt = 0 }) => endedAt);
    const last = Math.max(...endOf('few'));
    const since = Math.max(...jobs.map(({ createdAt }) => createdAt));
    const meanwhile = endOf('many').filter((at) => at >= since && at <= last).length;
    test.diagnostic(`while ${FEW} of one owner were done, ${meanwhile} of the other were`);
    assert.ok(meanwhile <= FEW + 20, `${meanwhile} of the other owner's jobs`);
  });
});
