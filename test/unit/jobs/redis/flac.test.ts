import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { createAudioDecoder } from '#services/audio/decoder.js';
import { FlacEncoder } from '#services/jobs/redis/flac/flac-encoder.js';
import { silentLogger } from '#utils/logging/logger.js';
import { joinSamples } from '#utils/signal/pcm.js';
import { testFolder } from '../../../support/paths.js';

const folder = await testFolder();
const decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds: 3600 });
const encoder = new FlacEncoder();
after(async () => {
  await Promise.all([encoder.dispose(), decoder.dispose()]);
  await folder.remove();
});
const { signal } = new AbortController();

/** Loud noise with full-scale samples: what lossy or clipping code would change. */
function noise(length: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return (state >> 12) - 32_768;
  });
}

async function decoded(path: string): Promise<Int16Array> {
  const blocks: Int16Array[] = [];
  for await (const block of decoder.decode(path)) blocks.push(block);
  return joinSamples(blocks);
}

for (const length of [1600, 16_384, 16_385, 400_001]) {
  it(`a chunk of ${length} samples comes back from FLAC as it was, with silence behind it`, async () => {
    const [pcm, flac] = [join(folder.path, `${length}.pcm`), join(folder.path, `${length}.flac`)];
    const samples = noise(length);
    await writeFile(pcm, Buffer.from(samples.buffer));
    await encoder.write({ pcm, flac }, { signal });
    const all = await decoded(flac);
    assert.deepEqual(all.subarray(0, length), samples);
    assert.ok(all.subarray(length).every((sample) => sample === 0));
  });
}

it('a chunk that cannot be encoded is an error, and the next one is encoded', async () => {
  const flac = join(folder.path, 'again.flac');
  await assert.rejects(encoder.write({ pcm: join(folder.path, 'none'), flac }, { signal }), {
    key: 'decoder_lost',
  });
  const pcm = join(folder.path, 'some.pcm');
  await writeFile(pcm, Buffer.alloc(32_000));
  await encoder.write({ pcm, flac }, { signal });
  assert.ok((await decoded(flac)).length >= 16_000);
});
