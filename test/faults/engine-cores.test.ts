import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CorePlaces } from '#services/model-manager/hosts/core-places.js';
import { HostPool } from '#services/model-manager/hosts/host-pool.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { FixtureOperations, FixtureSpec } from '../support/engines/operations.js';
import { eventually } from '../support/processes.js';

type Pool = HostPool<FixtureSpec, FixtureOperations>;

const pools: Pool[] = [];
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whosaid-cores-'));
});
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.dispose())));
after(() => rm(folder, { recursive: true }));

async function startPools(
  cores: CorePlaces,
  sizes: readonly { hosts: number; threads?: number }[],
): Promise<Pool[]> {
  const started = sizes.map(
    ({ hosts, threads = 1 }): Pool =>
      new HostPool({
        modulePath: fileURLToPath(
          new URL('../support/engines/engine-that-works.js', import.meta.url),
        ),
        role: 'fixture',
        logger: silentLogger,
        restartPauseMs: 20,
        stopStepMs: 150,
        cores,
        threads,
        hosts,
        spec: async () => ({}),
      }),
  );
  pools.push(...started);
  await Promise.all(started.map((pool) => pool.start()));
  return started;
}

const linesOf = async (path: string) => (await readFile(path, 'utf8')).trim().split('\n');

describe('engine pools that share one processor', () => {
  it('take turns, a call each', async () => {
    const [words, speakers] = await startPools(new CorePlaces(() => 1), [
      { hosts: 2 },
      { hosts: 2 },
    ]);
    const journal = join(folder, 'turns');
    const ask = (pool: Pool | undefined, name: string) =>
      pool?.request('wait', { ms: 20, name, journal });
    await Promise.all([
      ...['w1', 'w2', 'w3'].map((name) => ask(words, name)),
      ...['s1', 's2', 's3'].map((name) => ask(speakers, name)),
    ]);
    assert.deepEqual(await linesOf(journal), ['w1', 's1', 'w2', 's2', 'w3', 's3']);
  });

  it('let urgent calls begin at once, and count them', async () => {
    const [words, speakers] = await startPools(new CorePlaces(() => 1), [
      { hosts: 2 },
      { hosts: 1 },
    ]);
    assert.ok(words && speakers);
    const journal = join(folder, 'urgent');
    const long = speakers.request('wait', { ms: 300, name: 'file', journal });
    await eventually('it has begun', () => words.freePlaces === 0);
    const next = words.request('wait', { ms: 0, name: 'another file', journal });
    const live = words.request('wait', { ms: 0, name: 'live', journal }, { isUrgent: true });
    await live;
    assert.deepEqual(await linesOf(journal), ['file', 'live']);
    await Promise.all([long, next]);
    assert.equal(words.freePlaces, 1);
  });

  it('go on when a process at work is killed, and when a call that waits is cancelled', async () => {
    const [words, speakers] = await startPools(new CorePlaces(() => 1), [
      { hosts: 1 },
      { hosts: 1 },
    ]);
    assert.ok(words && speakers);
    const dying = words.request('die', {});
    const abort = new AbortController();
    const cancelled = speakers.request('wait', { ms: 10_000 }, abort);
    abort.abort(new Error('client left'));
    await assert.rejects(cancelled, /client left/);
    const answer = speakers.request('who', {});
    await assert.rejects(dying);
    assert.equal((await answer).pid, speakers.states()[0]?.pid);
    await eventually('its processor is free again', () => words.freePlaces === 1);
  });

  it('run a call of more threads than there are processors, alone', async () => {
    const [wide, narrow] = await startPools(new CorePlaces(() => 2), [
      { hosts: 1, threads: 4 },
      { hosts: 2 },
    ]);
    assert.ok(wide && narrow);
    const journal = join(folder, 'wide');
    const first = narrow.request('wait', { ms: 100, name: 'narrow', journal });
    const second = wide.request('wait', { ms: 100, name: 'wide', journal });
    const third = narrow.request('wait', { ms: 0, name: 'beside', journal });
    await Promise.all([first, second, third]);
    const [one, two, last] = await linesOf(journal);
    assert.deepEqual([one, two].sort(), ['beside', 'narrow']);
    assert.equal(last, 'wide');
  });
});
