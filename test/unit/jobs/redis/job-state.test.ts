import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Redis } from 'ioredis';
import { connect } from '#services/jobs/redis/connect.js';
import { listJobs } from '#services/jobs/redis/job-list.js';
import { JobState } from '#services/jobs/redis/job-state.js';
import type { Job, JobStatus, NewJob } from '#services/jobs/types.js';
import type { EndedJob } from '#services/jobs/work-event.js';
import { startRedis } from '../../../support/redis-server.js';

const LIMITS = { maxJobs: 1000, maxBytes: 1e9 };
const OPEN: readonly JobStatus[] = ['pending', 'processing'];

describe('what is known of jobs, in Redis', async () => {
  const redis = await startRedis();
  const skip =
    redis === undefined && 'redis-server is not installed (apt-get install redis-server)';
  let client: Redis;
  let state: JobState;
  let prefix: string;
  before(async () => {
    if (!redis) return;
    client = connect({ url: redis.url, kind: 'asking' });
    await client.connect();
  });
  beforeEach(() => {
    prefix = `{test-${randomUUID()}}`;
    state = new JobState({ client, prefix });
  });
  after(async () => {
    client?.disconnect();
    await redis?.close();
  });

  const newJob = (changes: Partial<NewJob> = {}): NewJob & { id: string } => ({
    id: randomUUID(),
    owner: 'ann',
    fileName: 'a.wav',
    folder: '/nowhere',
    file: 'recording',
    bytes: 1000,
    work: { model: 'a', recognition: {} },
    rendering: {
      format: 'json',
      granularities: [],
      logprobs: false,
      speakerDetail: false,
      languages: false,
    },
    ...changes,
  });
  async function add(changes: Partial<NewJob> = {}): Promise<{ id: string; turn: number }> {
    const job = newJob(changes);
    const inserted = await state.insert(job, LIMITS);
    assert.equal(inserted.type, 'new');
    return { id: job.id, turn: inserted.type === 'new' ? inserted.turn : -1 };
  }
  const keysLeft = async () => (await client.keys(`${prefix.replace(/[{}]/g, '?')}:*`)).sort();

  it('lets nothing be told or changed after the end', { skip }, async () => {
    const { id } = await add();
    await state.start(id, { piece: 'job', turn: 0 });
    assert.equal(await state.settle(id, { from: OPEN, to: 'cancelled' }), true);
    const events = await state.events(id, { after: 0, limit: 100 });
    assert.equal(await state.settle(id, { from: ['processing'], to: 'completed' }), false);
    assert.equal(await state.advance(id, { piece: '0-0', seconds: 5, isDone: true }), false);
    assert.equal(await state.tell(id, [{ type: 'progress', audioSeconds: 1 }]), false);
    assert.equal(await state.setTotal(id, 9), false);
    assert.equal(await state.start(id, { piece: '0-0', turn: 3 }), undefined);
    assert.deepEqual(await state.events(id, { after: 0, limit: 100 }), events);
    assert.deepEqual(
      events.map(({ news }) => news.type === 'status' && news.status),
      ['pending', 'processing', 'cancelled'],
    );
  });

  it('tells of an end where it was brought about, once, and when all began', { skip }, async () => {
    const ended: EndedJob[] = [];
    state = new JobState({ client, prefix, onEnded: (job) => ended.push(job) });
    const [{ id }, { id: unbegun }] = [await add(), await add()];
    const other = new JobState({ client, prefix, onEnded: () => assert.fail('not by this one') });
    await state.start(id, { piece: 'job', turn: 0 });
    const error = { key: 'audio_empty', params: {} } as const;
    assert.equal(await state.settle(id, { from: OPEN, to: 'failed', error }), true);
    assert.equal(await other.settle(id, { from: OPEN, to: 'cancelled' }), false);
    assert.equal(await state.settle(unbegun, { from: OPEN, to: 'cancelled' }), true);
    const { createdAt, startedAt, endedAt } = (await state.find(id)) as Required<Job>;
    const [first, second] = ended;
    assert.deepEqual(first, { status: 'failed', createdAt, startedAt, endedAt, error });
    assert.deepEqual([second?.status, second?.startedAt], ['cancelled', undefined]);
    assert.equal(ended.length, 2);
  });

  it('knows what there is to do, and for how long the first of it has waited', {
    skip,
  }, async () => {
    const nothing = { pending: 0, processing: 0, oldestPendingSeconds: 0 };
    assert.deepEqual(await state.backlog(), nothing);
    const { id } = await add();
    await add();
    await client.zadd(state.keys.pending, 'XX', Date.now() - 60_000, id);
    const { oldestPendingSeconds, ...counts } = await state.backlog();
    assert.deepEqual(counts, { pending: 2, processing: 0 });
    assert.ok(oldestPendingSeconds > 50 && oldestPendingSeconds < 600, `${oldestPendingSeconds} s`);
    await state.start(id, { piece: 'job', turn: 0 });
    assert.ok((await state.backlog()).oldestPendingSeconds < 50);
  });

  it('adds up what the pieces of a job have reached, and never goes back', { skip }, async () => {
    const { id } = await add();
    const reach = (piece: string, seconds: number) =>
      state.advance(id, { piece, seconds, isDone: false });
    await reach('0-0', 10);
    await reach('0-1', 5);
    // Begun anew by another worker.
    await reach('0-0', 2);
    assert.equal((await state.find(id))?.audioSeconds, 15);
    await reach('0-0', 26.5);
    assert.equal((await state.find(id))?.audioSeconds, 31.5);
  });

  it('tells segments once, whoever tells them again', { skip }, async () => {
    const { id } = await add();
    const segment = (number: number) =>
      ({ type: 'segment', id: number, start: number, end: number + 1, text: 'a' }) as const;
    await state.tell(id, [segment(0), segment(1)]);
    await state.tell(id, [segment(0), segment(1), segment(2)]);
    const events = await state.events(id, { after: 0, limit: 100 });
    const told = events.flatMap(({ news }) => (news.type === 'segment' ? [news.id] : []));
    assert.deepEqual(told, [0, 1, 2]);
  });

  it('counts starts of a piece until the job gets further', { skip }, async () => {
    const { id } = await add();
    const start = () => state.start(id, { piece: '0-0', turn: 0 });
    assert.equal(await start(), 1);
    assert.equal(await start(), 2);
    await state.advance(id, { piece: '0-1', seconds: 3, isDone: true });
    assert.equal(await start(), 1);
  });

  it('lets owners take turns, and a long recording take part in each turn once', {
    skip,
  }, async () => {
    const long = await add({ owner: 'ann' });
    await state.start(long.id, { piece: 'job', turn: long.turn });
    const chunks: number[] = [];
    for (let chunk = 0; chunk < 5; chunk++) chunks.push(await state.nextTurn(long.id));
    assert.deepEqual(chunks, [0, 1, 2, 3, 4]);
    const many = [];
    for (let job = 0; job < 4; job++) many.push((await add({ owner: 'ben' })).turn);
    assert.deepEqual(many, [0, 1, 2, 3]);
    assert.equal((await add({ owner: 'cy' })).turn, 0);
    // The owner of the long one has a short one, too: it need not wait for all of the other.
    const short = await add({ owner: 'ann' });
    assert.equal(short.turn, 1);
    // With two jobs, each goes on half as often.
    assert.deepEqual([await state.nextTurn(long.id), await state.nextTurn(long.id)], [5, 7]);
    // Who comes later begins where the others are.
    await state.start(long.id, { piece: '0-5', turn: 5 });
    assert.equal((await add({ owner: 'dee' })).turn, 5);
  });

  it('begins turns anew when nothing is left to do', { skip }, async () => {
    const { id } = await add();
    await state.start(id, { piece: 'job', turn: 700 });
    assert.equal((await add({ owner: 'ben' })).turn, 700);
    for (const open of await state.open())
      await state.settle(open, { from: OPEN, to: 'cancelled' });
    assert.equal((await add()).turn, 0);
  });

  it('refuses jobs beyond the limits, whichever gateway asks', { skip }, async () => {
    await add({ bytes: 600 });
    const refused = (limits: typeof LIMITS) =>
      assert.rejects(state.insert(newJob({ owner: 'ben', bytes: 500 }), limits), {
        key: 'jobs_full',
      });
    await refused({ maxJobs: 1, maxBytes: 1e9 });
    await refused({ maxJobs: 10, maxBytes: 1000 });
  });

  it('gives each webhook to one gateway at a time', { skip }, async () => {
    const { id } = await add({ webhookUrl: 'http://hook.example/' });
    await state.settle(id, { from: OPEN, to: 'cancelled' });
    const due = (inMs: number) => state.takeDue(inMs, { limit: 10, leaseMs: 60_000 });
    assert.ok(((await state.nextDeliveryIn()) ?? 1) <= 0);
    assert.deepEqual(await due(0), [{ id, url: 'http://hook.example/', attempt: 1 }]);
    assert.deepEqual(await due(0), []);
    // Its gateway ended before it had told.
    assert.equal((await due(60_000)).length, 1);
    const at = Date.now();
    await state.recordDelivery(id, { at, attempt: 1, status: 500 }, 50_000);
    assert.deepEqual(await due(0), []);
    assert.deepEqual(await due(50_000), [{ id, url: 'http://hook.example/', attempt: 2 }]);
    await state.recordDelivery(id, { at, attempt: 2, status: 200 }, undefined);
    assert.equal(await state.nextDeliveryIn(), undefined);
    assert.equal((await state.find(id))?.deliveries.length, 2);
  });

  it('is listed past jobs of other statuses, however many there are', { skip }, async () => {
    const ids: string[] = [];
    for (let job = 0; job < 120; job++) ids.push((await add()).id);
    const [first = ''] = ids;
    await state.settle(first, {
      from: OPEN,
      to: 'failed',
      error: { key: 'audio_empty', params: {} },
    });
    const page = await listJobs(state, {
      owner: 'ann',
      statuses: ['failed'],
      limit: 1,
      order: 'desc',
    });
    assert.deepEqual(
      page.jobs.map(({ id, error }) => [id, error?.key]),
      [[first, 'audio_empty']],
    );
    assert.equal(page.hasMore, false);
  });

  it('is gone with its job', { skip }, async () => {
    const idempotency = { key: 'k', fingerprint: 'f' };
    const { id } = await add({ idempotency, batchId: 'b', webhookUrl: 'http://hook.example/' });
    await state.start(id, { piece: 'job', turn: 0 });
    await state.advance(id, { piece: '0-0', seconds: 1, isDone: false });
    assert.equal(await state.remove(id), true);
    assert.equal(await state.remove(id), false);
    assert.deepEqual(await state.counts(), { pending: 0, processing: 0 });
    const left = await keysLeft();
    assert.deepEqual(
      left.map((key) => key.slice(prefix.length + 1)),
      ['bytes', 'last'],
    );
    assert.equal(await client.get(`${prefix}:bytes`), '0');
  });
});
