import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { encode } from '#services/jobs/store/codec.js';
import type { JobDatabase } from '#services/jobs/store/job-database.js';
import { type JobPurge, openJobPurge } from '#services/jobs/store/job-purge.js';
import { silentLogger } from '#utils/logging/logger.js';
import { sampleChunk, sampleTranscript } from './samples.js';
import { insert, withDatabase } from './support.js';

/** Opens the file a second time, as a command does while the server works. */
function withPurge(path: string, work: (purge: JobPurge) => void): void {
  const purge = openJobPurge({ path, logger: silentLogger });
  try {
    work(purge);
  } finally {
    purge.close();
  }
}

/** Whether any file beside the database holds these bytes. */
function isFound(path: string, bytes: string | Buffer): boolean {
  const folder = dirname(path);
  return readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(bytes));
}

/** A job that says `canary` wherever a job can; it ends if it `isDone`. */
function insertTelling(
  jobs: JobDatabase,
  { owner, canary, isDone }: { owner: string; canary: string; isDone: boolean },
): string {
  const { id } = insert(jobs, {
    owner,
    fileName: `${canary}.mp3`,
    work: { model: 'm', recognition: { prompt: canary } },
    webhookUrl: `https://example.org/${canary}`,
    idempotency: { key: `${canary}-${jobs.ids().length}`, fingerprint: canary },
  });
  jobs.begin(id, 1);
  const segment = { type: 'segment', id: 0, start: 0, end: 1, text: canary } as const;
  jobs.tell(id, Array(20).fill(segment), 2);
  jobs.putChunk(id, telling(canary));
  if (!isDone) return id;
  const transcript = sampleTranscript(canary);
  jobs.settle(id, { from: ['processing'], to: 'completed', at: 3, transcript });
  jobs.recordDelivery(id, { at: 4, attempt: 1, failure: canary }, 5);
  return id;
}

const telling = (canary: string) => sampleChunk({ start: canary.length * 1.7 });

it('after a purge nothing of the jobs is in any file, of others everything, and the server goes on', () =>
  withDatabase((jobs, path) => {
    const [secret, other] = ['the-canary-sings', 'the-sparrow-listens'];
    const gone: string[] = [];
    const kept: string[] = [];
    for (let count = 0; count < 60; count += 1) {
      const isDone = count % 3 === 0;
      gone.push(insertTelling(jobs, { owner: 'key:secret-owner', canary: secret, isDone }));
      kept.push(insertTelling(jobs, { owner: 'key:other', canary: other, isDone }));
      // What is removed meanwhile lets rows move between pages.
      if (count % 4 === 0) jobs.remove(kept.pop() ?? '');
    }
    jobs.cache('secret-cache', sampleTranscript(secret), 1e6);
    const traces = [
      secret,
      'secret-owner',
      'secret-cache',
      ...gone,
      encode(sampleTranscript(secret)),
      encode(telling(secret)),
    ];
    for (const trace of traces) assert.ok(isFound(path, trace));

    withPurge(path, (purge) => {
      const selected = purge.select({ owners: ['key:secret-owner', 'key:nobody'] });
      assert.deepEqual(
        selected.map(({ id }) => id),
        gone,
      );
      for (const { id } of selected) assert.equal(purge.remove(id), true);
      assert.equal(purge.emptyCache(), 1);
      assert.equal(purge.wipe(), true);
    });

    for (const trace of traces) assert.ok(!isFound(path, trace), String(trace).slice(0, 40));
    assert.ok(isFound(path, other));
    assert.deepEqual(jobs.ids().sort(), kept.sort());
    const done = kept.find((id) => jobs.find(id)?.status === 'completed') ?? '';
    assert.deepEqual(jobs.transcript(done), sampleTranscript(other));
    assert.equal(jobs.settle(gone[0] ?? '', { from: ['processing'], to: 'failed', at: 9 }), false);
    assert.equal(insert(jobs).status, 'pending');
  }));

it('jobs are selected by id and by their end', () =>
  withDatabase((jobs, path) => {
    const [{ id: open }, { id: early }, { id: late }] = [insert(jobs), insert(jobs), insert(jobs)];
    jobs.settle(early, { from: ['pending'], to: 'cancelled', at: 100 });
    jobs.settle(late, { from: ['pending'], to: 'cancelled', at: 200 });
    withPurge(path, (purge) => {
      assert.deepEqual(purge.select({ id: open }), [{ id: open, status: 'pending' }]);
      assert.deepEqual(purge.select({ id: 'none' }), []);
      assert.deepEqual(purge.select({ endedBefore: 200 }), [{ id: early, status: 'cancelled' }]);
      assert.equal(purge.remove('none'), false);
    });
  }));
