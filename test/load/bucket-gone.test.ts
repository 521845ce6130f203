import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openBlobs } from '#services/blobs/open-blobs.js';
import { eventually } from '../support/processes.js';
import { startS3 } from '../support/s3-server.js';
import { conversation, openSharedJobs, WITHOUT_SPEAKERS } from '../support/shared-jobs.js';
import { chunksIn, startWorkerProcess, type WorkerProcess } from '../support/worker-process.js';

const PATIENCE_MS = 120_000;

describe('jobs whose files are in a bucket', async () => {
  const s3 = await startS3();
  const shared = await openSharedJobs({ blobUrl: s3.url });
  let worker: WorkerProcess | undefined;
  before(async () => {
    if (shared) worker = await startWorkerProcess(shared.env, ['--concurrency', '1']);
  });
  after(async () => {
    await worker?.close();
    await shared?.close();
    await s3.close();
  });

  const skip =
    shared === undefined && 'redis-server is not installed (apt-get install redis-server)';
  it('are completed although the bucket was away for a while, and leave only the transcript', {
    skip,
  }, async () => {
    assert.ok(shared && worker);
    const { jobs } = shared;
    const output = () => worker?.output() ?? '';
    const ref = await shared.create(conversation(5), WITHOUT_SPEAKERS);
    await eventually('a chunk is done', () => chunksIn(output()).length > 0, PATIENCE_MS);
    await s3.stop();
    await eventually(
      'the worker waits for it',
      () => output().includes('Shared files cannot be used'),
      PATIENCE_MS,
    );
    await assert.rejects(shared.create(conversation(1), WITHOUT_SPEAKERS), {
      key: 'jobs_unavailable',
    });
    await s3.start();
    const job = await shared.untilFinal(ref);
    assert.equal(job.status, 'completed', JSON.stringify(job.error));
    assert.ok(((await jobs.transcript(ref))?.segments.length ?? 0) > 5);
    const blobs = await openBlobs(s3.url);
    const left = async () => (await blobs.list(`jobs/${ref.id}`)).join();
    await eventually('only the transcript is left', async () => (await left()) === 'transcript');
    assert.equal(await jobs.remove(ref), true);
    assert.equal(await left(), '');
  });
});
