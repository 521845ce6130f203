import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { watchedCanary } from '../../support/hostile/canary.js';
import { hostileCorpus } from '../../support/hostile/corpus.js';
import { oneOf } from '../../support/hostile/selection.js';
import { testFolder } from '../../support/paths.js';

/** Of families with many files, or whose files take seconds to make. */
const SHARES = {
  cuts: 9,
  flips: 9,
  runs: 9,
  sizes: 9,
  formats: 9,
  magics: 9,
  decorations: 100,
  silence: 100,
  tables: 100,
  'not media': 100,
  nesting: 100,
};

describe('the corpus of hostile files', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;

  before(async () => {
    folder = await testFolder();
  });
  after(() => folder.remove());

  async function fingerprint(): Promise<{ files: number; hash: string }> {
    const hash = createHash('sha256');
    const canary = { path: '/canary.wav', port: 9 };
    let files = 0;
    for await (const { family, name, bytes } of oneOf(
      SHARES,
      hostileCorpus({ folder: folder.path, canary }),
    )) {
      hash.update(`${family}/${name}`).update(bytes);
      files += 1;
    }
    return { files, hash: hash.digest('hex') };
  }

  it('is the same every time', async () => {
    const first = await fingerprint();
    assert.ok(first.files > 500, `${first.files} files`);
    assert.deepEqual(await fingerprint(), first);
  });

  it('has a canary that notices being read, and being called', async () => {
    const canary = await watchedCanary(join(folder.path, 'canary.wav'), Buffer.from('speech'));
    const untouched = await canary.touched();
    assert.equal(untouched.calls, 0);
    assert.notEqual(untouched.wasRead, true);
    await readFile(canary.path);
    const socket = connect(canary.port, '127.0.0.1');
    await once(socket, 'close');
    const touched = await canary.touched();
    assert.equal(touched.calls, 1);
    // Where the system does not note reads, only the transcripts would tell.
    if (untouched.wasRead !== undefined) assert.equal(touched.wasRead, true);
    await canary.close();
  });
});
