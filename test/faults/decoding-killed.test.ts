import assert from 'node:assert/strict';
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type AudioDecoderOptions, createAudioDecoder } from '#services/audio/decoder.js';
import { MemoryWatch } from '#services/audio/memory-watch.js';
import type { AudioDecoder } from '#services/audio/types.js';
import { type Logger, silentLogger } from '#utils/logging/logger.js';
import { becomes, canSeeProcesses, decodeAll, residentBytes } from '../support/decoding.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { makeLongWav } from '../support/long-files.js';
import { makeContainer } from '../support/make-containers.js';
import { testFolder } from '../support/paths.js';
import { childrenOf, isRunning, isZombie } from '../support/processes.js';

const skip = canSeeProcesses ? false : 'looks at processes through /proc';
const LONG_SECONDS = 600;

describe('decoding processes that are killed, stopped or left behind', { skip }, () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let long: string;
  let short: string;
  let decoder: AudioDecoder;
  const speech = fixturePcm('two-speakers-clean').subarray(0, 20 * 16_000);
  /** Deaths of children that were logged. */
  let deaths = 0;
  const logger: Logger = { ...silentLogger, warn: () => (deaths += 1) };

  before(async () => {
    folder = await testFolder();
    long = join(folder.path, 'long.wav');
    await makeLongWav(long, speech, LONG_SECONDS);
    short = await makeContainer('m4a', folder.path, speech);
  });
  beforeEach(async () => {
    await decoder?.dispose();
    decoder = make();
    deaths = 0;
  });
  after(async () => {
    await decoder.dispose();
    await folder.remove();
    assert.deepEqual(childrenOf(), [], 'a child was left');
  });

  function make(options: Partial<AudioDecoderOptions> = {}): AudioDecoder {
    const limits = { maxAudioSeconds: 3600, warmChildren: 0 } as const;
    return createAudioDecoder({ logger, ...limits, ...options });
  }

  /** The only child there is. */
  function childOf(each: AudioDecoder): number {
    const { pids } = each.state();
    assert.equal(pids.length, 1, `${pids.length} children`);
    return pids[0] as number;
  }

  /** Kills the child that decodes, and the one that takes over from it. */
  async function killTwo(blocks: AsyncGenerator<Int16Array>, signal: NodeJS.Signals) {
    let killed = 0;
    for (let death = 1; death <= 2; death += 1) {
      // What the first had written before it died is still read.
      do await blocks.next();
      while ([killed, undefined].includes(decoder.state().pids[0]));
      killed = childOf(decoder);
      process.kill(killed, signal);
      assert.ok(await becomes(() => !isRunning(killed), 3000));
    }
  }

  async function isHealthy(each: AudioDecoder): Promise<void> {
    const { seconds } = await decodeAll(each, short);
    assert.ok(Math.abs(seconds - 20) < 0.1, `${seconds} s`);
    assert.deepEqual(each.state(), { working: 0, pids: [] });
  }

  for (const name of ['mp3', 'm4a', 'flac', 'ogg opus', 'wav stereo']) {
    it(`gives every sample once when a child is killed in mid-recording: ${name}`, async () => {
      const path = await makeContainer(name, folder.path, speech);
      const undisturbed = await decodeAll(decoder, path);
      let opened = 0;
      const blocks = decoder.decode(path, { onOpen: () => (opened += 1) });
      const samples: number[] = [];
      for (let number = 0; ; number += 1) {
        const { done, value } = await blocks.next();
        if (done) {
          assert.deepEqual(value, { seconds: undisturbed.seconds });
          break;
        }
        samples.push(...value);
        if (number !== 5) continue;
        const child = childOf(decoder);
        process.kill(child, 'SIGKILL');
        assert.ok(await becomes(() => !isRunning(child), 2000));
      }
      assert.deepEqual(Int16Array.from(samples), undisturbed.samples);
      assert.deepEqual({ deaths, opened }, { deaths: 1, opened: 1 });
    });
  }

  it('decodes a recording whose first child is killed before it said anything', async () => {
    const decoded = decodeAll(decoder, short);
    await becomes(() => decoder.state().working === 1, 1000);
    process.kill(childOf(decoder), 'SIGKILL');
    assert.ok(Math.abs((await decoded).seconds - 20) < 0.1);
  });

  it('does not miss a child that is killed while it waits for a recording', async () => {
    const ready = make({ warmChildren: 1 });
    for (const waitsMs of [0, 300]) {
      for (const pid of ready.state().pids) process.kill(pid, 'SIGKILL');
      await pause(waitsMs);
      assert.ok(Math.abs((await decodeAll(ready, short)).seconds - 20) < 0.1);
    }
    await ready.dispose();
    assert.deepEqual(childrenOf(), []);
  });

  it('says decoder_lost when two children in a row are killed, and decodes the next recording', async () => {
    const blocks = decoder.decode(long);
    await killTwo(blocks, 'SIGKILL');
    await assert.rejects(drain(blocks), { key: 'decoder_lost', message: /SIGKILL/ });
    await isHealthy(decoder);
  });

  it('holds a recording on which two children crash for corrupt', async () => {
    const blocks = decoder.decode(long);
    await killTwo(blocks, 'SIGSEGV');
    await assert.rejects(drain(blocks), { key: 'audio_corrupt', message: /SIGSEGV/ });
    await isHealthy(decoder);
  });

  it('says that the file is gone, if it is, rather than hand on something else', async () => {
    const path = await makeContainer('wav 16-bit', folder.path, speech);
    const blocks = decoder.decode(path);
    await blocks.next();
    process.kill(childOf(decoder), 'SIGKILL');
    await truncate(path, 10);
    await assert.rejects(drain(blocks), { key: /audio_/ });
  });

  it('kills a child that stands still while somebody waits, and only then', async () => {
    const impatient = make({ noProgressMs: 1000 });
    const blocks = impatient.decode(long);
    await blocks.next();
    const pid = childOf(impatient);
    process.kill(pid, 'SIGSTOP');
    await pause(1300);
    assert.ok(isRunning(pid), 'killed although nobody waited');
    await assert.rejects(drain(blocks), {
      key: 'audio_corrupt',
      message: /standstill for 1 seconds/,
    });
    assert.ok(!isRunning(pid));
    await isHealthy(impatient);
  });

  it('is let go at once when the client leaves while a child is stopped', async () => {
    const client = new AbortController();
    const decoded = decodeAll(decoder, long, { signal: client.signal });
    await becomes(() => decoder.state().working === 1, 1000);
    const pid = childOf(decoder);
    process.kill(pid, 'SIGSTOP');
    client.abort(new Error('the client left'));
    await assert.rejects(decoded, /the client left/);
    assert.ok(!isRunning(pid));
  });

  it('goes on when the terminal or a service manager signals the whole process group', async () => {
    const blocks = decoder.decode(long);
    await blocks.next();
    const pid = childOf(decoder);
    process.kill(pid, 'SIGINT');
    process.kill(pid, 'SIGTERM');
    await drain(blocks, () => assert.equal(childOf(decoder), pid, 'another child took over'));
  });

  it('gives up a file that needs more memory than allowed', async () => {
    const frugal = make({ maxMemoryBytes: 2 ** 20 });
    await assert.rejects(decodeAll(frugal, short), {
      key: 'audio_corrupt',
      message: /1 MB of memory/,
    });
    await frugal.dispose();
  });

  it('sees from outside that one call of native code takes too much memory', async () => {
    // Like a decoder in one long call: its event loop never runs.
    const greedy = spawn(process.execPath, [
      '-e',
      'for (const all = []; ; ) all.push(Buffer.alloc(2e7, 1))',
    ]);
    const maxMemoryBytes = 3e8;
    let seenBytes = 0;
    const watch = new MemoryWatch({
      pid: greedy.pid,
      maxMemoryBytes,
      onExceeded: () => {
        seenBytes = residentBytes(greedy.pid ?? 0);
        greedy.kill('SIGKILL');
      },
    });
    await once(greedy, 'exit');
    assert.ok(watch.exceeded && seenBytes > maxMemoryBytes, `${seenBytes} bytes`);
  });

  it('leaves no child behind when the gateway itself is killed', async () => {
    const gateway = fork(support('gateway-that-decodes.js'), [long]);
    await once(gateway, 'message');
    const children = childrenOf(gateway.pid);
    assert.ok(children.length >= 1);
    gateway.kill('SIGKILL');
    await once(gateway, 'exit');
    assert.ok(await becomes(() => !children.some(isAlive), 3000));
  });

  it('leaves no child behind that native code keeps when the gateway is killed', async () => {
    const pipe = join(folder.path, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const gateway = fork(support('gateway-with-stuck-decoder.js'), [pipe]);
    const [pid] = (await once(gateway, 'message')) as [number];
    // Until it has read the message and is inside the call.
    await pause(1000);
    assert.ok(isAlive(pid));
    gateway.kill('SIGKILL');
    await once(gateway, 'exit');
    assert.ok(await becomes(() => !isAlive(pid), 3000), 'the stuck child lives on');
  });
});

async function drain(
  blocks: AsyncGenerator<Int16Array, unknown, void>,
  onBlock: () => void = () => {},
): Promise<void> {
  for await (const _ of blocks) onBlock();
}

/** Whoever adopts an orphan may take a while to bury it. */
function isAlive(pid: number): boolean {
  return isRunning(pid) && !isZombie(pid);
}

function support(name: string): string {
  return fileURLToPath(new URL(`../support/${name}`, import.meta.url));
}
