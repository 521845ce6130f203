import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JobDatabase } from '#services/jobs/store/job-database.js';
import { sampleChunk, sampleTranscript } from './samples.js';
import { insert, newJob, withDatabase } from './support.js';

const newsOf = (jobs: JobDatabase, id: string) =>
  jobs.events(id, { after: 0, limit: 100 }).map(({ news }) => news);

const complete = (jobs: JobDatabase, id: string, at = 50) =>
  jobs.settle(id, {
    from: ['pending', 'processing'],
    to: 'completed',
    at,
    transcript: sampleTranscript(),
  });

describe('a new job', () => {
  it('is pending, has the next position and a first event', () =>
    withDatabase((jobs) => {
      insert(jobs);
      const job = insert(jobs, { owner: 'key:1', createdAt: 77 });
      const { work, rendering } = newJob();
      assert.deepEqual(job, {
        id: job.id,
        owner: 'key:1',
        status: 'pending',
        fileName: 'meeting.mp3',
        bytes: 1000,
        work,
        rendering,
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

  it("is not there for somebody else's key", () =>
    withDatabase((jobs) => {
      const { id } = insert(jobs, { owner: 'key:1' });
      assert.equal(jobs.get({ id, owner: 'key:2' }), undefined);
      assert.equal(jobs.get({ id: 'none', owner: 'key:1' }), undefined);
      assert.equal(jobs.find('none'), undefined);
    }));

  it('moves up as those before it are worked on or removed', () =>
    withDatabase((jobs) => {
      const [first, second, third] = [insert(jobs), insert(jobs), insert(jobs)];
      const position = (id: string) => jobs.find(id)?.position;
      jobs.begin(first.id, 1);
      assert.deepEqual(
        [first, second, third].map(({ id }) => position(id)),
        [undefined, 1, 2],
      );
      jobs.remove(second.id);
      assert.equal(position(third.id), 1);
    }));
});

describe('an idempotency key', () => {
  const idempotency = { key: 'once', fingerprint: 'f' };

  it('gives the job that was made with it, as it is now', () =>
    withDatabase((jobs) => {
      const { id } = insert(jobs, { idempotency });
      jobs.begin(id, 5);
      const again = jobs.insert({ ...newJob({ idempotency }), id: 'other', createdAt: 9 });
      assert.equal(again.isNew, false);
      assert.deepEqual(again.job, jobs.get({ id, owner: 'anyone' }));
      assert.deepEqual(jobs.ids(), [id]);
    }));

  it('is refused with another request', () =>
    withDatabase((jobs) => {
      insert(jobs, { idempotency });
      const other = newJob({ idempotency: { ...idempotency, fingerprint: 'g' } });
      assert.throws(() => jobs.insert({ ...other, id: 'other', createdAt: 9 }), {
        key: 'idempotency_conflict',
      });
      assert.equal(jobs.ids().length, 1);
    }));

  it("is its owner's alone, and free again when the job is removed", () =>
    withDatabase((jobs) => {
      const { id } = insert(jobs, { idempotency });
      const others = insert(jobs, { idempotency, owner: 'key:2' });
      jobs.remove(id);
      const next = insert(jobs, { idempotency: { ...idempotency, fingerprint: 'g' } });
      assert.deepEqual(jobs.ids().sort(), [others.id, next.id].sort());
    }));
});

describe('a job that is worked on', () => {
  it('has its start from the first time, and counts starts until a chunk is done', () =>
    withDatabase((jobs) => {
      const { id } = insert(jobs);
      assert.equal(jobs.begin(id, 10), 1);
      assert.equal(jobs.begin(id, 20), 2);
      jobs.putChunk(id, sampleChunk());
      assert.equal(jobs.begin(id, 30), 1);
      const { status, startedAt, position } = jobs.find(id) ?? {};
      assert.deepEqual([status, startedAt, position], ['processing', 10, undefined]);
      assert.deepEqual(newsOf(jobs, id), [
        { type: 'status', status: 'pending' },
        { type: 'status', status: 'processing' },
      ]);
    }));

  it('has the progress that was told last, and every event in order', () =>
    withDatabase((jobs) => {
      const { id } = insert(jobs);
      const segment = {
        type: 'segment',
        id: 0,
        start: 0,
        end: 2,
        text: 'Hi',
        speaker: 'A',
      } as const;
      const news = [
        { type: 'progress', audioSeconds: 2.5, totalSeconds: 60 },
        segment,
        { type: 'progress', audioSeconds: 5 },
      ] as const;
      jobs.tell(id, news, 30);
      const { audioSeconds, totalSeconds } = jobs.find(id) ?? {};
      assert.deepEqual([audioSeconds, totalSeconds], [5, 60]);
      assert.deepEqual(jobs.events(id, { after: 1, limit: 2 }), [
        { seq: 2, at: 30, news: news[0] },
        { seq: 3, at: 30, news: segment },
      ]);
      assert.deepEqual(jobs.events(id, { after: 3, limit: 2 }), [
        { seq: 4, at: 30, news: news[2] },
      ]);
    }));

  it('has its chunks by channel and index, the newest of each', () =>
    withDatabase((jobs) => {
      const { id } = insert(jobs);
      const one = sampleChunk({ channel: 1, index: 0 });
      const two = sampleChunk({ channel: 0, index: 10 });
      const three = sampleChunk({ channel: 0, index: 9 });
      for (const chunk of [one, two, { ...three, end: 1 }, three]) jobs.putChunk(id, chunk);
      assert.deepEqual([...jobs.chunks(id)], [three, two, one]);
    }));

  it('may be given back', () =>
    withDatabase((jobs) => {
      const { id } = insert(jobs);
      jobs.begin(id, 10);
      jobs.putChunk(id, sampleChunk());
      assert.equal(jobs.settle(id, { from: ['processing'], to: 'pending', at: 11 }), true);
      assert.deepEqual(jobs.find(id)?.position, 1);
      assert.equal([...jobs.chunks(id)].length, 1);
    }));
});

describe('a job that has ended', () => {
  it('has its transcript and its end, and no chunks', () =>
    withDatabase((jobs) => {
      const { id } = insert(jobs);
      jobs.begin(id, 10);
      jobs.putChunk(id, sampleChunk());
      assert.equal(complete(jobs, id, 50), true);
      const { status, startedAt, endedAt, fromCache } = jobs.find(id) ?? {};
      assert.deepEqual([status, startedAt, endedAt, fromCache], ['completed', 10, 50, false]);
      assert.deepEqual(jobs.transcript(id), sampleTranscript());
      assert.deepEqual([...jobs.chunks(id)], []);
      assert.deepEqual(newsOf(jobs, id).at(-1), { type: 'status', status: 'completed' });
    }));

  it('says why it failed, or that it is as an earlier one', () =>
    withDatabase((jobs) => {
      const [{ id: failed }, { id: same }] = [insert(jobs), insert(jobs)];
      const error = { key: 'engine_lost', params: { reason: 'gone' } } as const;
      jobs.settle(failed, { from: ['pending'], to: 'failed', at: 9, error });
      assert.deepEqual(jobs.find(failed)?.error, error);
      assert.deepEqual(newsOf(jobs, failed).at(-1), { type: 'status', status: 'failed', error });
      jobs.settle(same, { from: ['pending'], to: 'completed', at: 9, fromCache: true });
      assert.equal(jobs.find(same)?.fromCache, true);
    }));

  it('stays as it is, whatever comes', () =>
    withDatabase((jobs) => {
      const { id } = insert(jobs);
      complete(jobs, id);
      const before = [jobs.find(id), newsOf(jobs, id)];
      assert.equal(jobs.settle(id, { from: ['pending'], to: 'cancelled', at: 60 }), false);
      assert.equal(jobs.begin(id, 60), undefined);
      jobs.tell(id, [{ type: 'progress', audioSeconds: 1 }], 60);
      jobs.putChunk(id, sampleChunk());
      assert.deepEqual([jobs.find(id), newsOf(jobs, id)], before);
      assert.deepEqual([...jobs.chunks(id)], []);
    }));
});

it('nothing is left of a removed job, and what comes for it later does nothing', () =>
  withDatabase((jobs) => {
    const { id } = insert(jobs);
    jobs.putChunk(id, sampleChunk());
    assert.equal(jobs.remove(id), true);
    assert.equal(jobs.remove(id), false);
    assert.equal(complete(jobs, id), false);
    assert.equal(jobs.begin(id, 1), undefined);
    jobs.tell(id, [{ type: 'progress', audioSeconds: 1 }], 1);
    jobs.putChunk(id, sampleChunk());
    jobs.recordDelivery(id, { at: 1, attempt: 1, status: 200 }, undefined);
    assert.deepEqual([jobs.find(id), jobs.transcript(id)], [undefined, undefined]);
    assert.deepEqual([newsOf(jobs, id), [...jobs.chunks(id)], jobs.ids()], [[], [], []]);
  }));

it('open jobs are listed oldest first, and counted with their bytes', () =>
  withDatabase((jobs) => {
    const [ended, working] = [insert(jobs), insert(jobs, { bytes: 20 })];
    const waiting = insert(jobs, { owner: 'key:1', bytes: 3 });
    complete(jobs, ended.id);
    jobs.begin(working.id, 1);
    const { id, owner, createdAt } = waiting;
    assert.deepEqual(
      jobs.open().map((job) => job.id),
      [working.id, id],
    );
    assert.deepEqual(jobs.open()[1], { id, owner, status: 'pending', bytes: 3, createdAt });
    assert.deepEqual(jobs.counts(), { pending: 1, processing: 1, bytes: 23 });
    jobs.remove(working.id);
    jobs.remove(id);
    assert.deepEqual(jobs.counts(), { pending: 0, processing: 0, bytes: 0 });
  }));

it('jobs whose end is long ago are found, the first one first', () =>
  withDatabase((jobs) => {
    const [late, early, open, middle] = [insert(jobs), insert(jobs), insert(jobs), insert(jobs)];
    complete(jobs, late.id, 300);
    complete(jobs, early.id, 100);
    complete(jobs, middle.id, 200);
    assert.deepEqual(jobs.endedBefore(300, 10), [early.id, middle.id]);
    assert.deepEqual(jobs.endedBefore(1000, 1), [early.id]);
    assert.ok(jobs.ids().includes(open.id));
  }));
