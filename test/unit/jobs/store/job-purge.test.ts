import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { encode } from '#services/jobs/store/codec.js';
import type { JobDatabase } from '#services/jobs/store/job-database.js';
import { type JobPurge, openJobPurge } from '#services/jobs/store/job-purge.js';
import { silentLogger } from '#utils/logging/logger.js';
import { sequence } from './random.js';
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

const OWNERS = ['key:secret-owner', 'key:other'] as const;

/** A job that says `canary` wherever a job can. */
function insertTelling(jobs: JobDatabase, owner: string, canary: string): string {
  const { id } = insert(jobs, {
    owner,
    fileName: `${canary}.mp3`,
    work: { model: 'm', recognition: { prompt: canary } },
    webhookUrl: `https://example.org/${canary}`,
    idempotency: { key: `${canary}-${randomUUID()}`, fingerprint: canary },
  });
  jobs.begin(id, 1);
  jobs.putChunk(id, chunkOf(owner));
  return id;
}

function complete(jobs: JobDatabase, id: string, canary: string): void {
  const transcript = sampleTranscript(canary);
  jobs.settle(id, { from: ['processing'], to: 'completed', at: 3, transcript });
  jobs.recordDelivery(id, { at: 4, attempt: 1, failure: canary }, 5);
}

/**
 * Jobs of both come, tell of themselves in all orders and sizes, and are removed: rows move between pages, and leave
 * copies behind. Gives the ids that are left.
 */
function livelyDays(jobs: JobDatabase, canaries: readonly [string, string]): [string[], string[]] {
  const left: [string[], string[]] = [[], []];
  const random = sequence();
  for (let count = 0; count < 700; count += 1) {
    const which = random(2) as 0 | 1;
    const [ids, canary] = [left[which], canaries[which]];
    const text = `${canary} `.repeat(1 + random(30));
    if (count % 4 === 0) ids.push(insertTelling(jobs, OWNERS[which], text));
    const news = { type: 'segment', id: 0, start: 0, end: 1, text } as const;
    jobs.tell(ids[random(ids.length)] ?? '', Array(1 + random(5)).fill(news), 2);
    if (count % 12 === 0) jobs.remove(ids.splice(random(ids.length), 1)[0] ?? '');
  }
  return left;
}

const chunkOf = (owner: string) => sampleChunk({ start: owner.length * 1.7 });

it('after a purge nothing of the jobs is in any file, of others everything, and the server goes on', () =>
  withDatabase((jobs, path) => {
    const [secret, other] = ['the-canary-sings', 'the-sparrow-listens'] as const;
    const [gone, kept] = livelyDays(jobs, [secret, other]);
    for (const id of gone.slice(0, 9)) complete(jobs, id, secret);
    const [done = ''] = kept;
    complete(jobs, done, other);
    jobs.cache('secret-cache', sampleTranscript(secret), 1e6);
    const traces = [
      secret,
      'secret-owner',
      'secret-cache',
      ...gone,
      encode(sampleTranscript(secret)),
      encode(chunkOf(OWNERS[0])),
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
      assert.equal(purge.wipe(), 'wiped');
    });

    for (const trace of traces) assert.ok(!isFound(path, trace), String(trace).slice(0, 40));
    assert.ok(isFound(path, other));
    assert.deepEqual(jobs.ids().sort(), kept.sort());
    assert.deepEqual(jobs.transcript(done), sampleTranscript(other));
    assert.equal(jobs.settle(gone[20] ?? '', { from: ['processing'], to: 'failed', at: 9 }), false);
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

it('a large file is not written anew while a server works on it, which would answer nobody meanwhile', () =>
  withDatabase((jobs, path) => {
    const { id } = insert(jobs);
    const wipe = () => {
      const purge = openJobPurge({ path, logger: silentLogger, mostServedBytes: 0 });
      try {
        return purge.wipe();
      } finally {
        purge.close();
      }
    };
    assert.equal(wipe(), 'served');
    assert.deepEqual(jobs.ids(), [id]);
    jobs.close();
    assert.equal(wipe(), 'wiped');
  }));
