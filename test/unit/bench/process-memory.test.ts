import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { pssOf, rssOf, sampleMemory } from '../../../bench/support/memory-log.js';
import { canWatchMemory, watchMemory } from '../../../bench/support/process-memory.js';

/** A process that fills 64 MB, lets go of them, and starts a child of its own. */
const growing = `
  let block = Buffer.alloc(64 * 2 ** 20, 1);
  require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
  console.log('filled');
  setTimeout(() => {}, 60000);
`;

describe('watched memory', { skip: canWatchMemory ? false : 'needs /proc' }, () => {
  it('lists the process and its children with their peaks', async () => {
    const child = spawn(process.execPath, ['-e', growing], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      await once(child.stdout, 'data');
      const watch = watchMemory({ rootPid: child.pid as number });
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { processes, peakTotalPssBytes, peakTotalRssBytes } = watch.stop();

      assert.equal(processes.length, 2);
      assert.equal(processes[0]?.pid, child.pid);
      assert.ok((processes[0]?.peakRssBytes ?? 0) > 64 * 2 ** 20);
      assert.ok(peakTotalRssBytes > 64 * 2 ** 20);
      assert.ok(peakTotalPssBytes > 0 && peakTotalPssBytes <= peakTotalRssBytes);
    } finally {
      const gone = once(child, 'exit');
      process.kill(-(child.pid as number), 'SIGKILL');
      await gone;
    }
  });
});

describe('memory of processes now', { skip: canWatchMemory ? false : 'needs /proc' }, () => {
  it('is told for a process and its children, by name and together', () => {
    const sample = sampleMemory(process.pid);
    const own = sample.processes.find(({ pid }) => pid === process.pid);
    assert.ok(own);
    assert.ok(Math.abs(own.rssBytes - process.memoryUsage.rss()) < 64 * 2 ** 20);
    assert.ok(own.pssBytes > 0 && own.pssBytes <= own.rssBytes);
    assert.ok(rssOf(sample) >= rssOf(sample, own.name));
    assert.ok(pssOf(sample) <= rssOf(sample));
    assert.equal(rssOf(sample, 'nobody'), 0);
  });
});
