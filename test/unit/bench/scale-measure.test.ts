import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { coreShares } from '../../../bench/scale/core-shares.js';
import { readRedisInfo, redisUseBetween } from '../../../bench/scale/redis-use.js';
import { watchStore } from '../../../bench/scale/watch-store.js';
import { testFolder } from '../../support/paths.js';

describe('cores of workers', () => {
  it('are one whole core each while there are enough', () => {
    const { cores, text } = coreShares({ workers: 2, cores: 2, canPin: true });
    assert.deepEqual(cores, [0, 1]);
    assert.match(text, /one core each/);
  });

  it('are shared evenly where there are more workers, and the text says what that means', () => {
    const { cores, text } = coreShares({ workers: 4, cores: 2, canPin: true });
    assert.deepEqual(cores, [0, 1, 0, 1]);
    assert.match(text, /up to 2 on each of 2 cores, so no gain/);
  });

  it('are left to the system where nothing can be pinned, and the text says so', () => {
    const { cores, text } = coreShares({ workers: 2, cores: 2, canPin: false });
    assert.deepEqual(cores, [undefined, undefined]);
    assert.match(text, /not pinned/);
  });
});

describe('what was asked of Redis', () => {
  const info = (commands: number, calls: number): string =>
    [
      '# Stats',
      `total_commands_processed:${commands}`,
      `total_net_input_bytes:${commands * 10}`,
      `total_net_output_bytes:${commands * 20}`,
      `used_cpu_sys:1.5`,
      `used_cpu_user:${commands / 100}`,
      '# Commandstats',
      `cmdstat_hget:calls=${calls},usec=9,usec_per_call=1.00,rejected_calls=0,failed_calls=0`,
      `cmdstat_ping:calls=3,usec=9,usec_per_call=1.00,rejected_calls=0,failed_calls=0`,
    ].join('\r\n');

  it('is the difference of what it says at two moments, without commands that did not come', () => {
    const use = redisUseBetween(readRedisInfo(info(100, 40)), readRedisInfo(info(150, 75)));
    assert.deepEqual(use, {
      commands: 50,
      bytesIn: 500,
      bytesOut: 1000,
      cpuSeconds: 0.5,
      byName: { hget: 35 },
    });
  });
});

describe('a watched store', () => {
  it('counts files by kind, and those that are overwritten once', async () => {
    const folder = await testFolder();
    const job = join(folder.path, 'whosaid', 'jobs', 'one');
    const watch = watchStore(folder.path);
    await mkdir(join(job, 'audio'), { recursive: true });
    await mkdir(join(job, 'results'));
    await writeFile(join(job, 'audio', '0-0.flac'), 'audio');
    await writeFile(join(job, 'results', '0-0'), 'result');
    await writeFile(join(job, 'results', '0-0'), 'result');
    await writeFile(join(job, 'transcript'), 'transcript');
    assert.deepEqual(await watch.stop(), { recording: 0, audio: 5, results: 6, transcript: 10 });
    await folder.remove();
  });
});
