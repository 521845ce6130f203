import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type EngineEvent,
  EngineHost,
  type EngineHostOptions,
} from '#services/model-manager/engine-host.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { FixtureOperations, FixtureSpec } from '../support/engines/operations.js';
import { eventually, isRunning, readPids } from '../support/processes.js';

const modulePath = (name: string) =>
  fileURLToPath(new URL(`../support/engines/${name}.js`, import.meta.url));

const hosts: EngineHost<FixtureSpec, FixtureOperations>[] = [];
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whosaid-hosts-'));
});
afterEach(() => Promise.all(hosts.splice(0).map((host) => host.dispose())));
after(() => rm(folder, { recursive: true }));

function createHost(name: string, options: Partial<EngineHostOptions> = {}) {
  const host = new EngineHost<FixtureSpec, FixtureOperations>({
    modulePath: modulePath(name),
    role: 'fixture',
    logger: silentLogger,
    restartPauseMs: 20,
    stopStepMs: 150,
    ...options,
  });
  hosts.push(host);
  return host;
}

async function startHost(
  name: string,
  spec: FixtureSpec = {},
  options: Partial<EngineHostOptions> = {},
) {
  const host = createHost(name, options);
  await host.start(spec);
  return host;
}

const isReady = (host: EngineHost<FixtureSpec, FixtureOperations>) => () =>
  host.state().state === 'ready';

const failsWith = (key: WhosaidError['key'], message: RegExp) => (error: unknown) =>
  error instanceof WhosaidError && error.key === key && message.test(error.message);

describe('engine host: requests', () => {
  it('sends a view on samples as binary, without the rest of its buffer, and gets one back', async () => {
    const host = await startHost('engine-that-works');
    const recording = new Int16Array(1_000_000).fill(3);
    const samples = recording.subarray(500_000, 500_101);
    const seen = await host.request('measure', { samples });
    assert.equal(seen.length, 101);
    assert.equal(seen.sum, 303);
    assert.ok(seen.heldBytes < 2000, `${seen.heldBytes} bytes came with 202`);
    assert.ok(seen.echo instanceof Int16Array);
    assert.deepEqual(seen.echo, samples);
  });

  it('hands over a failure of the catalogue with its key and parameters', async () => {
    const host = await startHost('engine-that-works');
    await assert.rejects(
      host.request('failWithCatalogued', {}),
      failsWith('audio_too_short', /0\.05 seconds .* 0\.1 seconds/),
    );
  });

  it('makes engine_failed with its reason of any other failure, and works on', async () => {
    const host = await startHost('engine-that-works');
    await assert.rejects(
      host.request('failWithAnything', {}),
      failsWith('engine_failed', /bad tensor/),
    );
    assert.equal((await host.request('who', {})).pid, host.state().pid);
  });

  it('rejects at once with the signal reason when aborted, and is free when the child is', async () => {
    const host = await startHost('engine-that-works');
    const abort = new AbortController();
    const answer = host.request('wait', { ms: 200 }, { signal: abort.signal });
    abort.abort(new Error('client left'));
    await assert.rejects(answer, /client left/);
    assert.equal(host.isFree, false);
    assert.equal(host.state().state, 'busy');
    await eventually('the host is free', () => host.isFree);
  });

  it('never sends a request whose signal is aborted already', async () => {
    const host = await startHost('engine-that-works');
    await assert.rejects(
      host.request('die', {}, { signal: AbortSignal.abort(new Error('too late')) }),
      /too late/,
    );
    assert.equal(host.isFree, true);
  });

  it('reports pid, memory and restarts', async () => {
    const host = await startHost('engine-that-works');
    await host.request('who', {});
    const { pid, rssBytes, state, restarts, role } = host.state();
    assert.ok(pid && isRunning(pid));
    assert.ok(rssBytes && rssBytes > 10e6);
    assert.deepEqual({ role, state, restarts }, { role: 'fixture', state: 'ready', restarts: 0 });
  });
});

describe('engine host: starting', () => {
  it('rejects with the reason when the engine fails to start, and its process is gone', async () => {
    const pids = join(folder, 'fails-to-start');
    const host = createHost('engine-fails-to-start');
    await assert.rejects(
      host.start({ pids }),
      failsWith('engine_unavailable', /the weights are upside down/),
    );
    const [pid = 0] = await readPids(pids);
    assert.ok(pid > 0 && !isRunning(pid));
    assert.equal(host.isFree, false);
    await assert.rejects(host.request('who', {}), failsWith('engine_lost', /./));
  });

  it('rejects when the process ends while it loads', async () => {
    const host = createHost('engine-dies-while-starting');
    await assert.rejects(host.start({}), failsWith('engine_unavailable', /ended while it loaded/));
  });

  it('stops an engine that is never ready after the start timeout', async () => {
    const pids = join(folder, 'never-ready');
    const host = createHost('engine-never-ready', { startTimeoutMs: 400 });
    await assert.rejects(
      host.start({ pids }),
      failsWith('engine_unavailable', /not ready after 400 ms/),
    );
    const [pid = 0] = await readPids(pids);
    assert.ok(pid > 0 && !isRunning(pid));
  });

  it('rejects when the module does not exist', async () => {
    await assert.rejects(
      createHost('no-such-engine').start({}),
      failsWith('engine_unavailable', /./),
    );
  });

  it('rejects when the system makes no process at once', async () => {
    // A path that no system takes is refused as a lack of memory is: by what throws.
    await assert.rejects(
      createHost('null\0engine').start({}),
      failsWith('engine_unavailable', /null bytes/),
    );
  });
});

describe('engine host: loss', () => {
  it('settles every waiter with engine_lost when the engine dies mid-request', async () => {
    const host = await startHost('engine-that-works');
    const waiters = [host.request('wait', { ms: 60_000 }), host.request('die', {})];
    const settled = await Promise.allSettled(waiters);
    for (const each of settled)
      assert.ok(each.status === 'rejected' && failsWith('engine_lost', /./)(each.reason));
  });

  it('answers again from a new process after the engine was killed', async () => {
    const host = await startHost('engine-that-works');
    const { pid } = await host.request('who', {});
    process.kill(pid, 'SIGKILL');
    await eventually('the loss is noticed', () => !host.isFree);
    await eventually('a new engine is ready', isReady(host));
    const next = await host.request('who', {});
    assert.notEqual(next.pid, pid);
    assert.equal(host.state().restarts, 1);
    assert.ok(!isRunning(pid));
  });

  it('pauses longer before each restart while starts fail, and never uses a failed child', async () => {
    const pids = join(folder, 'restarts');
    const host = await startHost('engine-fails-to-start', {
      pids,
      marker: join(folder, 'starts-once'),
    });
    await assert.rejects(host.request('die', {}), failsWith('engine_lost', /./));
    await eventually('four more starts were tried', async () => (await readPids(pids)).length >= 5);
    await assert.rejects(host.request('who', {}), failsWith('engine_lost', /./));
    // 20 + 40 + 80 + 160 ms of pauses are over; the next is 320 ms.
    const before = (await readPids(pids)).length;
    await pause(150);
    assert.ok((await readPids(pids)).length - before <= 1);
    await host.dispose();
    await pause(50);
    for (const pid of await readPids(pids)) assert.ok(!isRunning(pid));
  });

  it('tries again when the system made no process for a while', async () => {
    let refusals = 0;
    const host = new EngineHost<FixtureSpec, FixtureOperations>({
      role: 'fixture',
      logger: silentLogger,
      restartPauseMs: 20,
      get modulePath() {
        if (refusals <= 0) return modulePath('engine-that-works');
        refusals -= 1;
        return 'null\0engine';
      },
    });
    hosts.push(host);
    await host.start({});
    refusals = 2;
    await assert.rejects(host.request('die', {}), failsWith('engine_lost', /./));
    await eventually('a new engine is ready', isReady(host));
    assert.equal(host.state().restarts, 3);
  });

  it('shows no process and no memory of an engine that is gone', async () => {
    const host = await startHost('engine-that-works', {}, { restartPauseMs: 60_000 });
    assert.ok(host.state().pid);
    await assert.rejects(host.request('die', {}), failsWith('engine_lost', /./));
    await eventually('it waits for its restart', () => host.state().state === 'waiting');
    const { pid, rssBytes } = host.state();
    assert.deepEqual({ pid, rssBytes }, { pid: undefined, rssBytes: undefined });
  });

  it('recovers after a start that failed', async () => {
    const marker = join(folder, 'fails-once');
    const host = createHost('engine-fails-to-start-once');
    await assert.rejects(host.start({ marker }), failsWith('engine_unavailable', /not today/));
    await host.start({ marker });
    assert.ok((await host.request('who', {})).pid);
  });
});

describe('engine host: watching', () => {
  const lostBecause = (reason: string) => (error: unknown) =>
    error instanceof WhosaidError && error.key === 'engine_lost' && error.params.reason === reason;

  it('ends an engine that is stopped in the middle of a request, and works on with another', async () => {
    const events: EngineEvent[] = [];
    const watch = {
      pingIntervalMs: 50,
      maxMissedPings: 3,
      onEvent: (e: EngineEvent) => events.push(e),
    };
    const host = await startHost('engine-that-works', {}, watch);
    const { pid } = await host.request('who', {});
    await eventually('the pulse was heard', () => (host.state().rssBytes ?? 0) > 0);
    await pause(200);
    const waiting = assert.rejects(host.request('wait', { ms: 60_000 }), lostBecause('silent'));
    process.kill(pid, 'SIGSTOP');
    await waiting;
    await eventually('a new engine is ready', isReady(host));
    assert.notEqual((await host.request('who', {})).pid, pid);
    assert.ok(!isRunning(pid));
    assert.deepEqual(
      events.map(({ type }) => type),
      ['loaded', 'lost', 'loaded'],
    );
  });

  it('ends an engine that is stopped before it was first asked for a sign of life', async () => {
    const watch = { pingIntervalMs: 200, maxMissedPings: 3 };
    const host = await startHost('engine-that-works', {}, watch);
    process.kill(host.state().pid as number, 'SIGSTOP');
    await assert.rejects(host.request('wait', { ms: 60_000 }), lostBecause('silent'));
  });

  it('hears signs of life and the memory of an engine whose main thread is held', async () => {
    const watch = { pingIntervalMs: 50, maxMissedPings: 3 };
    const host = await startHost('engine-that-works', {}, watch);
    const before = host.state().rssBytes as number;
    const bytes = 200e6;
    const { pid } = await host.request('who', {});
    const busy = host.request('hold', { ms: 1000, bytes });
    let during = 0;
    const look = setInterval(() => {
      during = Math.max(during, host.state().rssBytes ?? 0);
    }, 20);
    assert.equal((await busy).pid, pid, 'nobody ended it');
    clearInterval(look);
    assert.ok(during - before > 0.9 * bytes, `${during - before} bytes more were seen`);
  });

  it('ends an engine that is alive but makes no progress', async () => {
    const host = await startHost('engine-that-works', {}, { stallMs: 300 });
    const { pid } = await host.request('who', {});
    await assert.rejects(host.request('hold', { ms: 60_000 }), lostBecause('stalled'));
    assert.ok(!isRunning(pid));
    await eventually('a new engine is ready', isReady(host));
  });

  it('gives a request more time for its audio, and all its time again with each progress', async () => {
    const host = await startHost('engine-that-works', {}, { stallMs: 300 });
    await host.request('hold', { ms: 600 }, { allowanceSeconds: 1 });
    await host.request('steps', { steps: 6, ms: 150 });
    assert.equal(host.state().restarts, 0);
  });

  it('ends an engine that is stuck with what nobody waits for any more', async () => {
    const host = await startHost('engine-that-works', {}, { stallMs: 300 });
    const abort = new AbortController();
    const left = host.request('hold', { ms: 60_000 }, { signal: abort.signal });
    abort.abort(new Error('client left'));
    await assert.rejects(left, /client left/);
    await eventually('a new engine is ready', () => host.state().restarts === 1 && host.isFree);
  });

  it('ends an engine that takes three times what it may, in the middle of its work', async () => {
    // The limit is a quarter above what it takes after loading at least.
    const watch = { pingIntervalMs: 50, memoryLimitBytes: 1 };
    const host = await startHost('engine-that-works', {}, watch);
    const waiting = host.request('hold', { ms: 60_000, bytes: 600e6 });
    await assert.rejects(waiting, lostBecause('memory'));
    await eventually('a new engine is ready', isReady(host));
  });

  it('an engine that is stuck ends soon after its parent was killed', async () => {
    const parent = spawn(process.execPath, [modulePath('parent-with-engine'), 'hold']);
    let output = '';
    parent.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
    });
    await eventually('the engine is stuck', () => /engine \d+\n/.test(output), 15_000);
    const pid = Number(/engine (\d+)/.exec(output)?.[1]);
    await pause(300);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    assert.ok(isRunning(pid));
    await eventually('the engine is gone', () => !isRunning(pid), 10_000);
  });
});

describe('engine host: stopping', () => {
  it('lets an engine work on that gets the signals of a terminal or of a service manager', async () => {
    const host = await startHost('engine-that-works');
    const { pid } = await host.request('who', {});
    const working = host.request('wait', { ms: 200 });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    assert.equal((await working).pid, pid);
  });

  it('ends an engine that ignores being asked, with SIGKILL', async () => {
    const host = await startHost('engine-ignores-sigterm');
    const pid = host.state().pid as number;
    const waiting = assert.rejects(host.request('who', {}), failsWith('engine_lost', /./));
    const startMs = performance.now();
    const disposed = host.dispose();
    assert.equal(host.state().pid, pid, 'whoever must not wait can still end it');
    await disposed;
    assert.equal(host.state().pid, undefined);
    assert.ok(!isRunning(pid));
    assert.ok(performance.now() - startMs >= 140, 'it was given the time to leave');
    await waiting;
  });

  it('disposes twice as once, and does not start again', async () => {
    const host = await startHost('engine-that-works');
    const pid = host.state().pid as number;
    await Promise.all([host.dispose(), host.dispose()]);
    await host.dispose();
    assert.ok(!isRunning(pid));
    await pause(100);
    assert.equal(host.state().state, 'stopped');
    await assert.rejects(host.request('who', {}), failsWith('engine_lost', /./));
  });

  it('leaves no process when disposed while the engine starts', async () => {
    const pids = join(folder, 'disposed-early');
    const host = createHost('engine-never-ready');
    const started = assert.rejects(host.start({ pids }), failsWith('engine_unavailable', /./));
    await eventually('the child runs', async () => (await readPids(pids)).length === 1);
    await host.dispose();
    await started;
    const [pid = 0] = await readPids(pids);
    assert.ok(!isRunning(pid));
  });

  it('the engine leaves by itself when its parent is killed, and never wrote to its terminal', async () => {
    const parent = spawn(process.execPath, [modulePath('parent-with-engine')]);
    let output = '';
    for (const stream of [parent.stdout, parent.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk;
      });
    await eventually('the engine answered', () => /engine \d+\n/.test(output), 15_000);
    const pid = Number(/engine (\d+)/.exec(output)?.[1]);
    assert.ok(isRunning(pid));
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await eventually('the engine is gone', () => !isRunning(pid));
    assert.doesNotMatch(output, /secret/);
  });
});
