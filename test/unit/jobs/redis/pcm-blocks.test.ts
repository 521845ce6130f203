import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { pcmBlocks } from '#services/jobs/redis/pcm-blocks.js';
import { joinSamples } from '#utils/signal/pcm.js';
import { testFolder } from '../../../support/paths.js';

for (const length of [0, 1, 480_000, 480_001, 1_000_000]) {
  it(`${length} samples of a file are read as they were written`, async () => {
    const folder = await testFolder();
    const path = join(folder.path, 'chunk.pcm');
    const samples = Int16Array.from({ length }, (_, index) => index % 30_011);
    await writeFile(path, Buffer.from(samples.buffer));
    const blocks: Int16Array[] = [];
    for await (const block of pcmBlocks(path)) blocks.push(block);
    assert.deepEqual(joinSamples(blocks), samples);
    await folder.remove();
  });
}
