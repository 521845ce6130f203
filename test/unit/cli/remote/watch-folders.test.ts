import assert from 'node:assert/strict';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { watchFolders } from '#src/cli/remote/watch-folders.js';
import { testFolder } from '../../../support/paths.js';
import { until } from '../../../support/start-server.js';

describe('watching folders', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let controller: AbortController;
  let watching: Promise<void>;
  let found: string[];
  beforeEach(async () => {
    folder = await testFolder();
    controller = new AbortController();
    found = [];
  });
  afterEach(async () => {
    controller.abort();
    await watching;
    await folder.remove();
  });

  const watch = () => {
    watching = watchFolders({
      folders: [folder.path],
      settleMs: 200,
      lookEveryMs: 100,
      onRecordings: (recordings) => found.push(...recordings.map(({ label }) => label)),
      onProblem: () => assert.fail(),
      signal: controller.signal,
    });
  };
  const put = (name: string) => writeFile(join(folder.path, name), 'sound');
  const untilFound = (count: number) =>
    until(() => found.length >= count, `${count} recordings are not found`);

  it('finds what is there, what comes, below too, and what changes, once each', async () => {
    await put('a.wav');
    watch();
    await untilFound(1);
    await put('b.wav');
    await mkdir(join(folder.path, 'deep'));
    await put(join('deep', 'c.wav'));
    await put('notes.txt');
    await untilFound(3);
    await appendFile(join(folder.path, 'a.wav'), 'more');
    await untilFound(4);
    await pause(500);
    assert.deepEqual(found.toSorted(), ['a.wav', 'a.wav', 'b.wav', join('deep', 'c.wav')]);
  });

  it('takes nothing that is empty or still grows', async () => {
    watch();
    await writeFile(join(folder.path, 'begun.wav'), '');
    for (let part = 0; part < 20; part++) {
      await appendFile(join(folder.path, 'grows.wav'), 'x'.repeat(100));
      await pause(50);
      assert.deepEqual(found, []);
    }
    await untilFound(1);
    await pause(500);
    assert.deepEqual(found, ['grows.wav']);
  });
});
