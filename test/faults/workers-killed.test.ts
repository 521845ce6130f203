import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { killWorkersOften } from '../support/killed-workers.js';
import { openSharedJobs } from '../support/shared-jobs.js';

describe('a job whose workers are killed again and again', async () => {
  const shared = await openSharedJobs();
  after(() => shared?.close());

  const skip =
    shared === undefined && 'redis-server is not installed (apt-get install redis-server)';
  it('is completed with the transcript of one machine, and no chunk is done twice', {
    skip,
  }, async () => {
    assert.ok(shared);
    const { job, transcript, undisturbed, done } = await killWorkersOften(shared, {
      chunks: 3,
      kills: 2,
    });
    assert.equal(job.status, 'completed', JSON.stringify(job.error));
    assert.deepEqual(transcript, undisturbed);
    assert.deepEqual([...done].sort(), [...new Set(done)].sort());
  });
});
