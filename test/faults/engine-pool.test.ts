import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HostPool, type HostPoolOptions } from '#services/model-manager/hosts/host-pool.js';
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

type PoolOptions = Partial<HostPoolOptions<FixtureSpec>> & {
  readonly name?: string;
  readonly fixture?: FixtureSpec;
};

function createPool(hosts: number, options: PoolOptions = {}) {
  const { name = 'engine-that-works', fixture = {}, ...others } = options;
  const pool: Pool = new HostPool({
    modulePath: fileURLToPath(new URL(`../support/engines/${name}.js`, import.meta.url)),
    role: 'fixture',
    logger: silentLogger,
    restartPauseMs: 20,
    stopStepMs: 150,
    hosts,
    spec: async () => fixture,
    ...others,
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
    const logger: Logger = {
      ...silentLogger,
      warn: (_: string, fields?: LogFields) => told.push(fields?.note),
    };
    const pool = await startPool(2, { fixture: { notes }, logger });
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
    const cancelled = pool.request('wait', { ms: 1000 }, abort);
    const startMs = performance.now();
    setTimeout(() => abort.abort(new Error('client left')), 50);
    await assert.rejects(cancelled, /client left/);
    assert.ok(performance.now() - startMs < 900, 'the caller does not wait for the child');
    await pool.request('who', {});
    assert.ok(performance.now() - startMs >= 990);
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

  it('fails a request with engine_crashed that ends two hosts, and the others continue', async () => {
    const pool = await startPool(2);
    const poison = pool.request('die', {});
    const others = [1, 2, 3].map(() => pool.request('wait', { ms: 20 }));
    await assert.rejects(poison, failsWith('engine_crashed', /ended by itself/));
    await Promise.all(others);
    assert.ok((await pool.request('who', {})).pid);
    assert.equal(pool.state().retrySeconds, undefined);
  });

  it('does not blame a request for hosts that were dead when they were given it', async () => {
    const pool = await startPool(2);
    for (const pid of pidsOf(pool)) process.kill(pid, 'SIGKILL');
    // Nobody can know yet.
    assert.ok((await pool.request('who', {})).pid);
  });

  it('says of a request that stalls two hosts that it made no progress', async () => {
    const pool = createPool(1, { stallMs: 200 });
    const stuck = pool.request('hold', { ms: 60_000 });
    const other = pool.request('who', {});
    await assert.rejects(stuck, failsWith('engine_crashed', /no progress/));
    assert.ok((await other).pid);
  });

  it('tells everyone who waits when no host can be started any more', async () => {
    const marker = join(folder, 'starts-once');
    const pool = await startPool(1, { name: 'engine-fails-to-start', fixture: { marker } });
    const requests = [pool.request('die', {}), pool.request('who', {}), pool.request('who', {})];
    for (const each of await Promise.allSettled(requests))
      assert.ok(
        each.status === 'rejected' && failsWith('engine_unavailable', /upside down/)(each.reason),
      );
  });
});

describe('engine pool: taking turns', () => {
  it('lets the first request of a new owner wait for no more than one of each other owner', async () => {
    const pool = await startPool(1);
    const journal = join(folder, 'turns');
    const ask = (owner: object, name: string) =>
      pool.request('wait', { ms: 30, name, journal }, { owner, cost: 30 });
    const [long, longer, short] = [{}, {}, {}];
    const early = [1, 2, 3, 4].flatMap((n) => [ask(long, `a${n}`), ask(longer, `b${n}`)]);
    await pause(40);
    await Promise.all([...early, ask(short, 'short')]);
    const order = (await readFile(journal, 'utf8')).trim().split('\n');
    assert.ok(order.indexOf('short') <= 3, order.join(' '));
    assert.deepEqual(
      order.filter((name) => name !== 'short'),
      ['a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'a4', 'b4'],
    );
  });
});

describe('engine pool: memory', () => {
  it('replaces a host that has taken much memory between requests, and loses none', async () => {
    const events: string[] = [];
    const pool = createPool(2, {
      memoryLimitBytes: 150e6,
      pingIntervalMs: 50,
      onEvent: ({ type }) => events.push(type),
    });
    await pool.start();
    const before = pidsOf(pool);
    const grown = await pool.request('grow', { bytes: 200e6 });
    const answers = await Promise.all([1, 2, 3, 4].map(() => pool.request('wait', { ms: 50 })));
    assert.ok(answers.every(({ pid }) => pid !== grown.pid));
    await eventually('both are ready', () => pool.states().every(({ state }) => state === 'ready'));
    assert.ok(before.includes(grown.pid) && !pidsOf(pool).includes(grown.pid));
    assert.ok(!isRunning(grown.pid));
    assert.deepEqual(events, ['loaded', 'loaded', 'recycled', 'loaded']);
  });
});

describe('engine pool: hosts that die again and again', () => {
  const refused = (error: unknown) =>
    error instanceof WhosaidError &&
    error.key === 'engine_unavailable' &&
    Number(error.params.seconds) >= 1;

  it('refuse requests for a while, say when to come back, and serve again after one success', async () => {
    const pool = createPool(1, { circuitPauseMs: 1050, restartPauseMs: 1, maxRestartPauseMs: 5 });
    const deaths = await Promise.allSettled([1, 2, 3].map(() => pool.request('die', {})));
    assert.deepEqual(
      deaths.map((each) => each.status === 'rejected' && each.reason.key),
      ['engine_crashed', 'engine_crashed', 'engine_unavailable'],
    );
    assert.ok((pool.state().retrySeconds ?? 0) >= 1);
    const startMs = performance.now();
    await assert.rejects(pool.request('who', {}), refused);
    assert.ok(performance.now() - startMs < 500, 'at once');
    await eventually('the pause is over', () => pool.state().retrySeconds === undefined);
    // The trial fails: refused again, for longer.
    await assert.rejects(pool.request('die', {}));
    assert.ok((pool.state().retrySeconds ?? 0) >= 2);
    await eventually('the pause is over', () => pool.state().retrySeconds === undefined);
    assert.ok((await pool.request('who', {})).pid);
    const answers = await Promise.all([1, 2].map(() => pool.request('wait', { ms: 1 })));
    assert.equal(answers.length, 2);
  });

  it('are trusted again when one answers with an error, which only a living one can', async () => {
    const pool = createPool(2, { circuitPauseMs: 100, restartPauseMs: 1, maxRestartPauseMs: 5 });
    const isOpen = () => pool.state().retrySeconds !== undefined;
    await Promise.allSettled([1, 2, 3].map(() => pool.request('die', {})));
    assert.ok(isOpen());
    await eventually('the pause is over', () => !isOpen());
    await assert.rejects(pool.request('failWithAnything', {}), failsWith('engine_failed'));
    assert.ok((await pool.request('die', { onlyOnce: join(folder, 'died after an error') })).pid);
  });

  it('say when they are started again, where none can be', async () => {
    const marker = join(folder, 'starts-once-more');
    const options = { restartPauseMs: 3000, name: 'engine-fails-to-start', fixture: { marker } };
    const pool = createPool(1, options);
    await assert.rejects(pool.request('die', {}), failsWith('engine_unavailable', /upside down/));
    assert.ok((pool.state().retrySeconds ?? 0) >= 2);
  });
});

describe('engine pool: start and end', () => {
  it('starts with the first request, and tries again a while after a start that failed', async () => {
    const marker = join(folder, 'fails-once');
    const fixture = { name: 'engine-fails-to-start-once', fixture: { marker } };
    const pool = createPool(1, { ...fixture, restartPauseMs: 3000 });
    await assert.rejects(pool.request('who', {}), failsWith('engine_unavailable', /not today/));
    assert.deepEqual(pool.states(), []);
    const refused = await pool.request('who', {}).catch((error: WhosaidError) => error);
    assert.ok(refused instanceof WhosaidError && failsWith('engine_unavailable')(refused));
    assert.ok(Number(refused.params.seconds) >= 1, 'it says when to come back');
    const isThere = () =>
      pool.request('who', {}).then(
        () => true,
        () => false,
      );
    await eventually('it is started', isThere, 30_000);
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
    const pool = createPool(1, { name: 'engine-that-starts-slowly' });
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
    const starting = assert.rejects(
      startPool(2, { name: 'engine-never-ready', fixture: { pids } }),
    );
    await eventually('both run', async () => (await readPids(pids)).length === 2);
    await Promise.all(pools.map((pool) => pool.dispose()));
    await starting;
    for (const pid of await readPids(pids)) assert.ok(!isRunning(pid));
  });
});
