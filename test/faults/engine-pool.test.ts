import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { HostPool } from '#services/model-manager/hosts/host-pool.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type LogFields, type Logger, silentLogger } from '#utils/logging/logger.js';
import type { FixtureOperations, FixtureSpec } from '../support/engines/operations.js';
import { eventually, isRunning, readPids } from '../support/processes.js';

type Pool = HostPool<FixtureSpec, FixtureOperations>;

const pools: Pool[] = [];
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whosaid-pool-'));
});
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.dispose())));
after(() => rm(folder, { recursive: true }));

function createPool(
  hosts: number,
  name = 'engine-that-works',
  spec: FixtureSpec = {},
  logger: Logger = silentLogger,
) {
  const pool: Pool = new HostPool({
    modulePath: fileURLToPath(new URL(`../support/engines/${name}.js`, import.meta.url)),
    role: 'fixture',
    logger,
    restartPauseMs: 20,
    stopStepMs: 150,
    hosts,
    spec: async () => spec,
  });
  pools.push(pool);
  return pool;
}

async function startPool(...parts: Parameters<typeof createPool>) {
  const pool = createPool(...parts);
  await pool.start();
  return pool;
}

const pidsOf = (pool: Pool) => pool.states().map(({ pid }) => pid as number);

const failsWith =
  (key: WhosaidError['key'], message = /./) =>
  (error: unknown) =>
    error instanceof WhosaidError && error.key === key && message.test(error.message);

describe('engine pool: what its engines do without', () => {
  it('is in the log once, however many hosts say so and however often they start', async () => {
    const notes = ['No words have times.', 'It is slow.'];
    const told: unknown[] = [];
    const pool = await startPool(
      2,
      'engine-that-works',
      { notes },
      {
        ...silentLogger,
        warn: (_: string, fields?: LogFields) => told.push(fields?.note),
      },
    );
    assert.deepEqual(told, notes);
    const [pid] = pidsOf(pool);
    process.kill(pid as number, 'SIGKILL');
    await eventually('it was started again', () =>
      pool.states().some(({ restarts, state }) => restarts === 1 && state === 'ready'),
    );
    assert.deepEqual(
      told.filter((note) => note !== undefined),
      notes,
    );
  });
});

describe('engine pool: spreading', () => {
  it('works on as many requests side by side as it has hosts', async () => {
    const pool = await startPool(2);
    const answers = await Promise.all([
      pool.request('wait', { ms: 100 }),
      pool.request('wait', { ms: 100 }),
    ]);
    assert.deepEqual(new Set(answers.map(({ pid }) => pid)), new Set(pidsOf(pool)));
  });

  it('gives one host one request at a time, in the order they came', async () => {
    const pool = await startPool(1);
    const journal = join(folder, 'order');
    const names = ['first', 'second', 'third', 'fourth'];
    await Promise.all(names.map((name) => pool.request('wait', { ms: 10, name, journal })));
    assert.deepEqual((await readFile(journal, 'utf8')).trim().split('\n'), names);
  });

  it('lets urgent requests go before the others, in the order they came', async () => {
    const pool = await startPool(1);
    const journal = join(folder, 'urgent');
    const ask = (name: string, isUrgent = false) =>
      pool.request('wait', { ms: 50, name, journal }, { isUrgent });
    await Promise.all([
      ask('running'),
      ask('one'),
      ask('two'),
      ask('urgent one', true),
      ask('urgent two', true),
    ]);
    const order = (await readFile(journal, 'utf8')).trim().split('\n');
    assert.deepEqual(order, ['running', 'urgent one', 'urgent two', 'one', 'two']);
  });

  it('takes a request out of the queue when it is aborted, and the host never sees it', async () => {
    const pool = await startPool(1);
    const journal = join(folder, 'aborted');
    const abort = new AbortController();
    const first = pool.request('wait', { ms: 100, name: 'first', journal });
    const second = pool.request('wait', { ms: 0, name: 'second', journal }, abort);
    const third = pool.request('wait', { ms: 0, name: 'third', journal });
    abort.abort(new Error('client left'));
    await assert.rejects(second, /client left/);
    await Promise.all([first, third]);
    assert.equal(await readFile(journal, 'utf8'), 'first\nthird\n');
  });

  it('waits for the child to finish what was cancelled before giving it the next request', async () => {
    const pool = await startPool(1);
    const abort = new AbortController();
    const cancelled = pool.request('wait', { ms: 200 }, abort);
    const startMs = performance.now();
    setTimeout(() => abort.abort(new Error('client left')), 50);
    await assert.rejects(cancelled, /client left/);
    assert.ok(performance.now() - startMs < 150, 'the caller does not wait for the child');
    await pool.request('who', {});
    assert.ok(performance.now() - startMs >= 190);
  });
});

describe('engine pool: loss of hosts', () => {
  it('retries a request once whose host was killed, while the other host works on', async () => {
    const pool = await startPool(2);
    const [victim] = pidsOf(pool) as [number];
    const answers = [1, 2, 3, 4].map(() => pool.request('wait', { ms: 150 }));
    setTimeout(() => process.kill(victim, 'SIGKILL'), 50);
    for (const { pid } of await Promise.all(answers)) assert.notEqual(pid, victim);
    assert.ok(!isRunning(victim));
    await eventually('both hosts are ready again', () =>
      pool.states().every(({ state }) => state === 'ready'),
    );
  });

  it('retries on the restarted host when there is only one', async () => {
    const pool = await startPool(1);
    const [before] = pidsOf(pool);
    const { pid } = await pool.request('die', { onlyOnce: join(folder, 'died') });
    assert.notEqual(pid, before);
  });

  it('fails a request with engine_lost that ends two hosts, and the others continue', async () => {
    const pool = await startPool(2);
    const poison = pool.request('die', {});
    const others = [1, 2, 3].map(() => pool.request('wait', { ms: 20 }));
    await assert.rejects(poison, failsWith('engine_lost'));
    await Promise.all(others);
    assert.ok((await pool.request('who', {})).pid);
  });

  it('tells everyone who waits when no host can be started any more', async () => {
    const marker = join(folder, 'starts-once');
    const pool = await startPool(1, 'engine-fails-to-start', { marker });
    const requests = [pool.request('die', {}), pool.request('who', {}), pool.request('who', {})];
    for (const each of await Promise.allSettled(requests))
      assert.ok(
        each.status === 'rejected' && failsWith('engine_unavailable', /upside down/)(each.reason),
      );
  });
});

describe('engine pool: start and end', () => {
  it('starts with the first request, and tries again after a start that failed', async () => {
    const marker = join(folder, 'fails-once');
    const first = startPool(1, 'engine-fails-to-start-once', { marker });
    await assert.rejects(first, failsWith('engine_unavailable', /not today/));
    const [pool] = pools as [Pool];
    assert.deepEqual(pool.states(), []);
    assert.ok((await pool.request('who', {})).pid);
  });

  it('leaves no process and no waiter when it is disposed at work, twice', async () => {
    const pool = await startPool(2);
    const pids = pidsOf(pool);
    const requests = [1, 2, 3].map(() => pool.request('wait', { ms: 60_000 }));
    const settled = Promise.allSettled(requests);
    await eventually('both hosts are busy', () =>
      pool.states().every(({ state }) => state === 'busy'),
    );
    await Promise.all([pool.dispose(), pool.dispose()]);
    for (const pid of pids) assert.ok(!isRunning(pid));
    const reasons = (await settled).map((each) => each.status === 'rejected' && each.reason.key);
    assert.deepEqual(reasons, ['engine_lost', 'engine_lost', 'engine_unavailable']);
    await assert.rejects(pool.request('who', {}), failsWith('engine_unavailable', /stopping/));
  });

  it('lets go of a request that is aborted while the pool starts, and starts on for others', async () => {
    const pool = createPool(1, 'engine-that-starts-slowly');
    const abort = new AbortController();
    const request = pool.request('who', {}, abort);
    setTimeout(() => abort.abort(new Error('client left')), 20);
    await assert.rejects(request, /client left/);
    assert.deepEqual(
      pool.states().map(({ state }) => state),
      ['starting'],
    );
    assert.ok((await pool.request('who', {})).pid);
  });

  it('leaves no process when it is disposed while it starts', async () => {
    const pids = join(folder, 'starting');
    const starting = assert.rejects(startPool(2, 'engine-never-ready', { pids }));
    await eventually('both run', async () => (await readPids(pids)).length === 2);
    await Promise.all(pools.map((pool) => pool.dispose()));
    await starting;
    for (const pid of await readPids(pids)) assert.ok(!isRunning(pid));
  });
});
