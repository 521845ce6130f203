import assert from 'node:assert/strict';
import { it } from 'node:test';
import { insert, newJob, withDatabase } from './support.js';

it('a new job is pending, has the next position and a first event', () =>
  withDatabase((jobs) => {
    insert(jobs);
    const job = insert(jobs, { owner: 'key:1', createdAt: 77 });
    assert.deepEqual(job, {
      id: job.id,
      owner: 'key:1',
      status: 'pending',
      fileName: 'meeting.mp3',
      bytes: 1000,
      work: newJob().work,
      rendering: newJob().rendering,
      createdAt: 77,
      audioSeconds: 0,
      position: 2,
      fromCache: false,
      deliveries: [],
    });
    assert.deepEqual(jobs.get({ id: job.id, owner: 'key:1' }), job);
    assert.deepEqual(jobs.find(job.id), { ...job, file: 'recording' });
    assert.deepEqual(jobs.events(job.id, { after: 0, limit: 10 }), [
      { seq: 1, at: 77, news: { type: 'status', status: 'pending' } },
    ]);
  }));

it("somebody else's job is as if it were not there", () =>
  withDatabase((jobs) => {
    const { id } = insert(jobs, { owner: 'key:1' });
    assert.equal(jobs.get({ id, owner: 'key:2' }), undefined);
    assert.equal(jobs.get({ id: 'none', owner: 'key:1' }), undefined);
  }));
