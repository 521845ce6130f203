import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeFolder } from '#services/temp/make-folder.js';
import { testFolder } from '../../support/paths.js';

describe('making a folder', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  before(async () => {
    folder = await testFolder();
  });
  after(() => folder.remove());

  it('makes those above it, and is content with one that is there', async () => {
    const path = join(folder.path, 'a', 'b', 'c');
    await makeFolder(path);
    await makeFolder(path);
    assert.ok((await stat(path)).isDirectory());
  });

  it('refuses below a file, and where a file has its name', async () => {
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    await assert.rejects(makeFolder(join(file, 'below')), { code: 'ENOTDIR' });
    await assert.rejects(makeFolder(file), { code: 'EEXIST' });
  });

  it('ends where the system makes no folders', {
    skip: process.platform === 'linux' ? false : 'needs /proc',
    timeout: 5000,
  }, async () => {
    await assert.rejects(makeFolder('/proc/whosaid/temporary'), { code: 'ENOENT' });
  });
});
