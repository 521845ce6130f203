import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readCgroupLimits } from '#config/cgroup.js';
import { readMachine, usualHosts } from '#config/machine.js';
import { testFolder } from '../../support/paths.js';

let folder: Awaited<ReturnType<typeof testFolder>>;
let count = 0;

before(async () => {
  folder = await testFolder();
});
after(() => folder.remove());

/** A system's root with these files of /proc/self/cgroup and /sys/fs/cgroup. */
async function rootWith(groups: string, files: Record<string, string>): Promise<string> {
  count += 1;
  const root = join(folder.path, String(count));
  const all = Object.entries(files).map(([path, text]) => [`sys/fs/cgroup/${path}`, text] as const);
  for (const [path, text] of [['proc/self/cgroup', groups] as const, ...all]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), `${text}\n`);
  }
  return root;
}

describe('limits of a container', () => {
  it('are read from version 2, the tightest of the groups around the process', async () => {
    const root = await rootWith('0::/outer/inner', {
      'outer/cpu.max': '150000 100000',
      'outer/inner/cpu.max': 'max 100000',
      'outer/memory.max': '4000000000',
      'outer/inner/memory.max': '2000000000',
    });
    assert.deepEqual(readCgroupLimits(root), { cores: 1.5, memoryBytes: 2e9 });
  });

  it('are found at the top where the path is that outside of the container', async () => {
    const root = await rootWith('0::/system/docker-1234', {
      'cpu.max': '50000 100000',
      'memory.max': '1000000000',
    });
    assert.deepEqual(readCgroupLimits(root), { cores: 0.5, memoryBytes: 1e9 });
  });

  it('are read from version 1', async () => {
    const root = await rootWith('4:cpu,cpuacct:/docker/1\n3:memory:/docker/1', {
      'cpu,cpuacct/docker/1/cpu.cfs_quota_us': '300000',
      'cpu,cpuacct/docker/1/cpu.cfs_period_us': '100000',
      'memory/memory.limit_in_bytes': '3000000000',
    });
    assert.deepEqual(readCgroupLimits(root), { cores: 3, memoryBytes: 3e9 });
  });

  it('are absent where version 1 or 2 says that there are none, and without control groups', async () => {
    const unlimited = await rootWith('4:cpu:/\n3:memory:/\n0::/', {
      'cpu/cpu.cfs_quota_us': '-1',
      'cpu/cpu.cfs_period_us': '100000',
      'memory/memory.limit_in_bytes': '9223372036854771712',
      'cpu.max': 'max 100000',
      'memory.max': 'max',
    });
    assert.deepEqual(readCgroupLimits(unlimited), {});
    assert.deepEqual(readCgroupLimits(join(folder.path, 'absent')), {});
  });
});

describe('the machine', () => {
  it('is what the container may use, with at least one core', async () => {
    const root = await rootWith('0::/', { 'cpu.max': '50000 100000', 'memory.max': '1000000' });
    assert.deepEqual(readMachine(root), { cores: 1, memoryBytes: 1e6 });
    assert.deepEqual(readMachine(join(folder.path, 'absent')), {
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    });
  });

  it('has an engine process for each core up to two, and up to four where memory is plentiful', () => {
    const hosts = (cores: number, gigabytes: number) =>
      usualHosts({ cores, memoryBytes: gigabytes * 1e9 });
    assert.deepEqual([hosts(1, 64), hosts(2, 1), hosts(2, 64)], [1, 2, 2]);
    assert.deepEqual([hosts(16, 2), hosts(16, 6.5), hosts(16, 64)], [2, 3, 4]);
  });
});
