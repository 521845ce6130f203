import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BlobMissingError } from '#services/blobs/blob-error.js';
import type { Blobs } from '#services/blobs/types.js';
import { testFolder } from '../../support/paths.js';

/** What every store of shared files does. */
export function describeBlobs(name: string, open: () => Promise<{ blobs: Blobs }>): void {
  describe(`shared files in ${name}`, () => {
    let blobs: Blobs;
    let folder: Awaited<ReturnType<typeof testFolder>>;
    before(async () => {
      folder = await testFolder();
      ({ blobs } = await open());
    });
    after(() => folder.remove());

    it('are read as they were written, and again after they were replaced', async () => {
      await blobs.putBytes('jobs/a/results/0-0', new Uint8Array([1, 2, 3]));
      assert.deepEqual([...((await blobs.getBytes('jobs/a/results/0-0')) ?? [])], [1, 2, 3]);
      await blobs.putBytes('jobs/a/results/0-0', new Uint8Array([4]));
      assert.deepEqual([...((await blobs.getBytes('jobs/a/results/0-0')) ?? [])], [4]);
    });

    it('are there or not', async () => {
      await blobs.putBytes('jobs/b/transcript', new Uint8Array([1]));
      assert.equal(await blobs.has('jobs/b/transcript'), true);
      assert.equal(await blobs.has('jobs/b/recording'), false);
      assert.equal(await blobs.getBytes('jobs/b/recording'), undefined);
      await assert.rejects(
        blobs.appendTo(join(folder.path, 'nothing'), 'jobs/b/recording'),
        BlobMissingError,
      );
    });

    it('are put together from pieces of a file', async () => {
      const [source, target] = [join(folder.path, 'source'), join(folder.path, 'target')];
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
      await writeFile(source, bytes);
      await blobs.putFile('jobs/c/recording/0', { path: source, offset: 0, bytes: 200_000 });
      await blobs.putFile('jobs/c/recording/1', { path: source, offset: 200_000, bytes: 200_000 });
      for (const piece of [0, 1]) await blobs.appendTo(target, `jobs/c/recording/${piece}`);
      assert.deepEqual(await readFile(target), bytes);
    });

    it('are listed by folder, without what a write left behind', async () => {
      await blobs.putBytes('jobs/d/audio/0-0.flac', new Uint8Array([1]));
      await blobs.putBytes('jobs/d/audio/0-1.flac', new Uint8Array([1]));
      assert.deepEqual((await blobs.list('jobs/d/audio')).sort(), ['0-0.flac', '0-1.flac']);
      assert.deepEqual(await blobs.list('jobs/d'), ['audio']);
      assert.deepEqual(await blobs.list('jobs/nobody'), []);
    });

    it('are removed with their folder, and only they are', async () => {
      await blobs.putBytes('jobs/e/audio/0-0.flac', new Uint8Array([1]));
      await blobs.putBytes('jobs/e/transcript', new Uint8Array([1]));
      await blobs.removeAll('jobs/e/audio');
      assert.deepEqual(await blobs.list('jobs/e'), ['transcript']);
      await blobs.removeAll('jobs/e');
      await blobs.removeAll('jobs/e');
      assert.equal(await blobs.has('jobs/e/transcript'), false);
    });
  });
}
