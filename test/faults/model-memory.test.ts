import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { HostPool, type HostPoolOptions } from '#services/model-manager/hosts/host-pool.js';
import type { EngineEvent } from '#services/model-manager/hosts/options.js';
import { ModelMemory } from '#services/model-manager/memory/model-memory.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { FixtureOperations, FixtureSpec } from '../support/engines/operations.js';
import { eventually, isRunning } from '../support/processes.js';

type Pool = HostPool<FixtureSpec, FixtureOperations>;

const pools: Pool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.dispose())));

/** Fixture engines take about 50 MB; room is counted in what each says that it will take. */
const MODEL_BYTES = 400e6;

function memoryFor(models: number, options: { turnMs?: number; holdMs?: number } = {}) {
  return new ModelMemory({
    // What is loaded counts as it is: a little for each.
    limitBytes: MODEL_BYTES + (models - 1) * 200e6,
    logger: silentLogger,
    holdMs: 0,
    ...options,
  });
}

/** Room for one fixture engine as it is once it is loaded, and no more. */
function memoryForOne(options: { turnMs?: number } = {}) {
  return new ModelMemory({
    limitBytes: 85e6,
    aloneBytes: 1e9,
    logger: silentLogger,
    holdMs: 0,
    ...options,
  });
}

function createPool(
  memory: ModelMemory,
  {
    bytes = MODEL_BYTES,
    isDefault = false,
    engine = 'engine-that-works',
    ...others
  }: Partial<HostPoolOptions<FixtureSpec>> & {
    bytes?: number;
    isDefault?: boolean;
    engine?: string;
  } = {},
): Pool {
  const pool: Pool = new HostPool({
    modulePath: fileURLToPath(new URL(`../support/engines/${engine}.js`, import.meta.url)),
    role: 'fixture',
    logger: silentLogger,
    restartPauseMs: 20,
    stopStepMs: 500,
    hosts: 1,
    spec: async () => ({}),
    memory: { shared: memory, estimate: async () => bytes, isDefault },
    ...others,
  });
  pools.push(pool);
  return pool;
}

const isLoaded = (pool: Pool) => pool.states().length > 0;
const pidOf = async (pool: Pool) => (await pool.request('who', {})).pid;
const failsWith = (key: WhosaidError['key'], message: RegExp) => (error: unknown) =>
  error instanceof WhosaidError && error.key === key && message.test(error.message);

describe('memory of models', () => {
  it('lets the model go that was not used for longest, and loads it again when it is asked for', async () => {
    const events: EngineEvent[] = [];
    const memory = memoryForOne();
    const [first, second] = [
      createPool(memory, { model: 'first', onEvent: (event) => events.push(event) }),
      createPool(memory, { model: 'second' }),
    ] as const;
    const pid = await pidOf(first);
    await pidOf(second);
    assert.ok(!isRunning(pid), 'its process has gone');
    assert.deepEqual([isLoaded(first), isLoaded(second)], [false, true]);
    assert.deepEqual([first.isLetGo, second.isLetGo], [true, false]);
    assert.notEqual(await pidOf(first), pid);
    assert.deepEqual([isLoaded(first), isLoaded(second)], [true, false]);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['loaded', 'unloaded', 'loaded'],
    );
  });

  it('keeps all models that fit, without loading one of them again', async () => {
    const memory = memoryFor(2);
    const [first, second] = [createPool(memory), createPool(memory)] as const;
    const pids = [await pidOf(first), await pidOf(second)];
    for (let time = 0; time < 3; time++)
      assert.deepEqual([await pidOf(first), await pidOf(second)], pids);
    assert.ok(memory.state.usedBytes < memory.state.limitBytes);
  });

  it('lets the default model go last, however long ago it was used', async () => {
    const memory = memoryFor(2);
    const usual = createPool(memory, { isDefault: true, bytes: 1e6 });
    const other = createPool(memory, { bytes: 1e6 });
    await pidOf(usual);
    await pidOf(other);
    // Room for one of them, and not for both.
    const bytes = memory.state.limitBytes - 1.5 * usual.rssBytes;
    await pidOf(createPool(memory, { bytes }));
    assert.deepEqual([isLoaded(usual), isLoaded(other)], [true, false]);
    await pidOf(createPool(memory, { bytes: memory.state.limitBytes }));
    assert.ok(!isLoaded(usual));
  });

  it('never ends what is in work: another model waits for it', async () => {
    const memory = memoryForOne({ turnMs: 50 });
    const [first, second] = [createPool(memory), createPool(memory)] as const;
    const pid = await pidOf(first);
    const work = first.request('wait', { ms: 700 });
    await eventually('it works', () => first.states()[0]?.state === 'busy');
    const after = second.request('who', {});
    assert.deepEqual(await work, { pid, wasCancelled: false });
    assert.ok(isRunning((await after).pid));
    assert.ok(!isLoaded(first));
  });

  it('lets models take turns where both are wanted all the time, and answers every request', async () => {
    const memory = memoryForOne({ turnMs: 300 });
    const both = [createPool(memory), createPool(memory)] as const;
    const requests = both.flatMap((pool) =>
      Array.from({ length: 5 }, () => pool.request('wait', { ms: 100 })),
    );
    const answers = await Promise.all(requests);
    assert.equal(answers.length, 10);
    assert.ok(new Set(answers.map(({ pid }) => pid)).size > 2, 'each was loaded more than once');
  });

  it('serves a request that comes in the moment in which its model is let go', async () => {
    const memory = memoryFor(1);
    const pool = createPool(memory);
    const pid = await pidOf(pool);
    const gone = pool.unload();
    const requests = [pidOf(pool), pidOf(pool)];
    await gone;
    requests.push(pidOf(pool));
    const pids = new Set(await Promise.all(requests));
    assert.equal(pids.size, 1);
    assert.ok(!pids.has(pid));
  });

  it('serves what waited in line when its model was let go', async () => {
    const pool = createPool(memoryFor(1));
    const pid = await pidOf(pool);
    const requests = Array.from({ length: 4 }, () => pool.request('wait', { ms: 100 }));
    await eventually('one is in work', () => pool.states()[0]?.state === 'busy');
    await pool.unload();
    const pids = (await Promise.all(requests)).map((answer) => answer.pid);
    assert.equal(pids[0], pid, 'what was in work is done');
    assert.ok(pids.slice(1).every((each) => each !== pid));
  });

  it('tells what waited in line why its model cannot be loaded again', async () => {
    let isThere = true;
    const pool = createPool(memoryFor(1), {
      spec: async () => {
        if (isThere) return {};
        throw new WhosaidError('model_not_installed', { model: 'fixture' });
      },
    });
    await pidOf(pool);
    const [done, waiting] = [
      pool.request('wait', { ms: 100 }),
      pool.request('wait', { ms: 100 }).catch((error: unknown) => error),
    ];
    await eventually('one is in work', () => pool.states()[0]?.state === 'busy');
    isThere = false;
    await pool.unload();
    await done;
    assert.ok(failsWith('model_not_installed', /models pull/)(await waiting));
  });

  it('loads fewer processes of a model where not all fit', async () => {
    const pool = createPool(memoryFor(1), { hosts: 4, bytes: MODEL_BYTES / 2 });
    await pool.start();
    assert.equal(pool.states().length, 2);
  });

  it('refuses a model that does not fit even alone, names MODEL_MEMORY, and keeps the others', async () => {
    const memory = memoryFor(1);
    const small = createPool(memory, { bytes: 1e6 });
    const pid = await pidOf(small);
    const large = createPool(memory, { bytes: 3.21e9, model: 'whisper-large-v3' });
    const refused = failsWith(
      'model_too_large',
      /'whisper-large-v3' takes about 3\.2 GB.*400 MB.*MODEL_MEMORY/,
    );
    await assert.rejects(pidOf(large), refused);
    await assert.rejects(pidOf(large), refused, 'at once again, without a pause');
    assert.equal(await pidOf(small), pid);
  });

  it('unloads a model again that takes more than it may once it is loaded', async () => {
    const memory = new ModelMemory({ limitBytes: 1e6, logger: silentLogger });
    const pool = createPool(memory, { bytes: 1 });
    await assert.rejects(pidOf(pool), failsWith('model_too_large', /MODEL_MEMORY/));
    assert.deepEqual(pool.states(), []);
    assert.equal(memory.state.usedBytes, 0);
  });

  it('lets idle models go when one has grown at its work', async () => {
    const memory = memoryFor(1);
    const [idle, growing] = [createPool(memory, { bytes: 1 }), createPool(memory, { bytes: 1 })];
    await pidOf(idle);
    await growing.request('grow', { bytes: 400e6 });
    await eventually('the idle one is let go', () => !isLoaded(idle));
    assert.ok(isLoaded(growing));
  });

  it('gives the room back of a model that could not be loaded', async () => {
    const memory = memoryFor(1);
    const broken = createPool(memory, { engine: 'engine-fails-to-start' });
    await assert.rejects(broken.start(), failsWith('engine_unavailable', /upside down/));
    assert.equal(memory.state.usedBytes, 0);
    await pidOf(createPool(memory));
  });

  it('ends a wait for room with the server', async () => {
    const memory = memoryFor(1);
    const [busy, waiting] = [createPool(memory), createPool(memory)] as const;
    const work = busy.request('wait', { ms: 60_000 }).catch(() => 'ended');
    await eventually('it works', () => busy.states()[0]?.state === 'busy');
    const answer = waiting.request('who', {});
    answer.catch(() => {});
    await Promise.all([waiting.dispose(), busy.dispose()]);
    await assert.rejects(answer, failsWith('engine_unavailable', /stopping/));
    assert.equal(await work, 'ended');
  });
});
