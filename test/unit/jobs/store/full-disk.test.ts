import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mountSmallDisk, noSmallDisk } from '../../../support/small-disk.js';

const server = fileURLToPath(new URL('./fills-its-disk.js', import.meta.url));

it('a full disk refuses new jobs and harms none, and when there is room again all goes on', {
  skip: noSmallDisk,
}, async (context: TestContext) => {
  const disk = await mountSmallDisk(4);
  if (disk === undefined) return context.skip('mounting is not allowed here');
  try {
    const { status, stderr } = spawnSync(process.execPath, [server, disk.path], {
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, '']);
  } finally {
    await disk.remove();
  }
});
