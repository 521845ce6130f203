import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { BlobError } from '#services/blobs/blob-error.js';
import { openBlobs } from '#services/blobs/open-blobs.js';
import { testFolder } from '../../support/paths.js';
import { describeBlobs } from './blobs-contract.js';

let folder: Awaited<ReturnType<typeof testFolder>>;
before(async () => {
  folder = await testFolder();
});
after(() => folder.remove());

describeBlobs('a folder', async () => ({
  blobs: await openBlobs(pathToFileURL(folder.path).href),
}));

it('a folder that cannot be written is told of with its code and without names', async () => {
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  const blobs = await openBlobs(pathToFileURL(file).href);
  await assert.rejects(blobs.putBytes('jobs/secret', new Uint8Array([1])), (error: Error) => {
    assert.ok(error instanceof BlobError);
    assert.match(error.message, /ENOTDIR|EEXIST/);
    assert.doesNotMatch(error.message, /secret|whosaid-test/);
    return true;
  });
});
