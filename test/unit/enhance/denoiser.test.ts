import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createEnhanceEngine } from '#services/enhance/create-engine.js';
import { fromPcm } from '#services/enhance/pcm-levels.js';
import type { EnhanceEngine } from '#services/enhance/types.js';
import { decodeModel, encodeModel } from '#services/onnx/schema.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { DENOISER_FILE, denoiserDir } from '../../support/denoiser-model.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { withNoise } from '../../support/noisy.js';
import { testFolder } from '../../support/paths.js';

const modelDir = denoiserDir();
const skip = modelDir === undefined && 'GTCRN is not on this machine';
const RATE = 16_000;
const pcm = fixturePcm('two-speakers-clean').subarray(0, 6 * RATE);

/** Decibels by which the clean speech in `found` stands above what is not it, after fitting its level. */
function clarity(found: Float32Array, clean: Float32Array): number {
  let dot = 0;
  let own = 0;
  for (const [at, value] of clean.entries()) {
    dot += value * (found[at] ?? 0);
    own += value * value;
  }
  const scale = dot / own;
  let rest = 0;
  for (const [at, value] of clean.entries()) rest += ((found[at] ?? 0) - scale * value) ** 2;
  return 10 * Math.log10((scale * scale * own) / rest);
}

describe('the denoiser GTCRN', { skip }, () => {
  let engine: EnhanceEngine;
  let folder: Awaited<ReturnType<typeof testFolder>>;

  before(async () => {
    folder = await testFolder();
    const spec = { family: 'gtcrn', modelId: 'gtcrn', modelFiles: [DENOISER_FILE], threads: 1 };
    engine = await createEnhanceEngine({ ...spec, modelDir: modelDir ?? '' });
  });
  after(async () => {
    await engine.dispose();
    await folder.remove();
  });

  it('takes noise away and leaves speech where it was', async () => {
    const clean = fromPcm(pcm);
    const noisy = fromPcm(withNoise(pcm, { decibels: 3 }));
    const found = await engine.enhance(noisy);
    assert.equal(found.length, noisy.length);
    const gain = clarity(found, clean) - clarity(noisy, clean);
    assert.ok(gain > 3, `${gain} dB`);
  });

  it('gives as many samples as it gets, however few', async () => {
    for (const length of [0, 1, 255, 256, 257, 4000])
      assert.equal((await engine.enhance(new Float32Array(length))).length, length);
  });

  const refused = async (name: string, { family, problem }: { family: string; problem: RegExp }) =>
    assert.rejects(
      createEnhanceEngine({
        ...{ family, modelId: 'it', modelDir: folder.path, modelFiles: [name], threads: 1 },
      }),
      (error) =>
        error instanceof WhosaidError &&
        error.key === 'engine_unavailable' &&
        problem.test(error.message) &&
        error.message.includes('models pull it'),
    );
  const original = () => readFile(join(modelDir ?? '', DENOISER_FILE));
  it('is refused where its file is cut short, for sherpa-onnx would end the process', async () => {
    const bytes = await original();
    await writeFile(join(folder.path, 'short.onnx'), bytes.subarray(0, bytes.length / 2));
    await refused('short.onnx', { family: 'gtcrn', problem: /'short\.onnx' .*cannot be read/ });
  });

  it('is refused without what it says about itself, and as a model of another family', async () => {
    // Writing a model again leaves its metadata out.
    const bare = encodeModel(decodeModel(await original()));
    await writeFile(join(folder.path, 'bare.onnx'), bare);
    await refused('bare.onnx', { family: 'gtcrn', problem: /lacks the metadata sample_rate/ });
    await refused(join('..', 'missing.onnx'), { family: 'gtcrn', problem: /cannot be read/ });
    await writeFile(join(folder.path, 'same.onnx'), await original());
    await refused('same.onnx', { family: 'dpdfnet', problem: /has 4 outputs, not 2|lacks/ });
  });
});
