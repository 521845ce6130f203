import assert from 'node:assert/strict';
import { it } from 'node:test';
import { toldDatabase } from '#services/jobs/store/told-database.js';
import type { WorkEvent } from '#services/jobs/work-event.js';
import { sampleChunk } from './samples.js';
import { insert, withDatabase } from './support.js';

it('a database that tells says each end once, with its times and why, and each chunk', () =>
  withDatabase((database) => {
    const events: WorkEvent[] = [];
    const jobs = toldDatabase(database, (event) => events.push(event));
    const { id, createdAt } = insert(jobs);
    jobs.begin(id, createdAt + 5);
    jobs.settle(id, { from: ['processing'], to: 'pending', at: createdAt + 6 });
    jobs.begin(id, createdAt + 7);
    jobs.putChunk(id, sampleChunk());
    const error = { key: 'engine_failed', params: {} } as const;
    const end = { from: ['processing'], to: 'failed', error } as const;
    assert.equal(jobs.settle(id, { ...end, at: createdAt + 9 }), true);
    assert.equal(jobs.settle(id, { ...end, at: createdAt + 10 }), false);
    const [first, second, ...others] = events;
    assert.deepEqual([first?.type, others], ['chunk', []]);
    assert.ok(second?.type === 'ended');
    const { status, startedAt, endedAt } = second.job;
    assert.deepEqual(
      { status, startedAt, endedAt, error: second.job.error },
      {
        status: 'failed',
        startedAt: createdAt + 5,
        endedAt: createdAt + 9,
        error,
      },
    );
  }));

it('the oldest pending job is known, whatever is in work before it', () =>
  withDatabase((jobs) => {
    assert.equal(jobs.oldestPendingAt(), undefined);
    const [working, waiting] = [insert(jobs), insert(jobs)];
    insert(jobs);
    assert.equal(jobs.oldestPendingAt(), working.createdAt);
    jobs.begin(working.id, 1);
    assert.equal(jobs.oldestPendingAt(), waiting.createdAt);
  }));
