import assert from 'node:assert/strict';
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { createEnhanceEngine } from '#services/enhance/create-engine.js';
import type { EnhanceEngine } from '#services/enhance/types.js';
import { Resampler } from '#services/enhance/vocals/resample.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { testFolder } from '../../support/paths.js';

/** Models of the real signatures with next to nothing inside: make.py beside them. */
const modelDir = join(projectRoot, 'test', 'fixtures', 'tiny-models', 'separation');
const RATE = 16_000;

const open = (family: string, ...modelFiles: string[]): Promise<EnhanceEngine> =>
  createEnhanceEngine({ family, modelId: family, modelDir, modelFiles, threads: 1 });

const speech = Float32Array.from(
  fixturePcm('two-speakers-clean').subarray(0, 8 * RATE),
  (value) => value / 32_768,
);

/** Power of the difference against that of the signal, in dB. */
function differenceDecibels(found: Float32Array, expected: Float32Array): number {
  assert.equal(found.length, expected.length);
  const power = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
  const difference = found.map((value, at) => value - (expected[at] ?? 0));
  return 10 * Math.log10(power(difference) / power(expected));
}

const tone = (hertz: number): Float32Array =>
  Float32Array.from(
    { length: 3 * RATE },
    (_, at) => 0.4 * Math.sin((2 * Math.PI * hertz * at) / RATE),
  );

/** But for what the conversion of rates cuts off close to 8 kHz. */
function checkUnchanged(found: Float32Array): void {
  const up = new Resampler({ fromHertz: RATE, toHertz: 44_100 });
  const down = new Resampler({ fromHertz: 44_100, toHertz: RATE });
  assert.ok(differenceDecibels(found, down.run(up.run(speech))) < -60);
  assert.ok(differenceDecibels(found, speech) < -30);
}

describe('separation with an MDX model', () => {
  it('gives back what the model does not change, in the same places', async () => {
    const engine = await open('mdx', 'mdx-all.onnx');
    checkUnchanged(await engine.enhance(speech));
    await engine.dispose();
  });

  it('takes the output of a model for instruments away from the whole', async () => {
    const engine = await open('mdx', 'mdx-inst-all.onnx');
    const found = await engine.enhance(speech);
    assert.ok(found.every((value) => Math.abs(value) < 1e-3));
    await engine.dispose();
  });

  it('shows the model the frequencies where it expects them', async () => {
    const engine = await open('mdx', 'mdx-below-2-khz.onnx');
    const low = tone(1500);
    assert.ok(differenceDecibels(await engine.enhance(low), low) < -30);
    const high = await engine.enhance(tone(2500));
    assert.ok(high.slice(RATE / 2, -RATE / 2).every((value) => Math.abs(value) < 0.01));
    await engine.dispose();
  });

  it('takes audio of any length', async () => {
    const engine = await open('mdx', 'mdx-all.onnx');
    for (const length of [0, 1, 100, 5000]) {
      const found = await engine.enhance(speech.subarray(0, length));
      assert.equal(found.length, length);
    }
    await engine.dispose();
  });
});

describe('separation with Spleeter', () => {
  it('gives back all of it where there is nothing but voices', async () => {
    const engine = await open('spleeter', 'vocals-all.onnx', 'accompaniment-none.onnx');
    checkUnchanged(await engine.enhance(speech));
    await engine.dispose();
  });
});

describe('files of a separation model', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;

  before(async () => {
    folder = await testFolder();
    await cp(join(modelDir, 'mdx-all.onnx'), join(folder.path, 'model.onnx'));
  });
  after(() => folder.remove());

  const refused = (family: string, modelFiles: string[], problem: RegExp) =>
    assert.rejects(
      createEnhanceEngine({ family, modelId: 'it', modelDir: folder.path, modelFiles, threads: 1 }),
      (error) =>
        error instanceof WhosaidError &&
        error.key === 'engine_unavailable' &&
        problem.test(error.message) &&
        error.message.includes('models pull it'),
    );

  it('are refused where one is cut short, is none or is not there', async () => {
    await writeFile(join(folder.path, 'text.onnx'), 'not a model at all');
    await refused('mdx', ['text.onnx'], /'text\.onnx' .*cannot be read/);
    await refused('mdx', [], /missing/);
    await refused('spleeter', ['vocals.onnx'], /'accompaniment\.onnx' .*missing/);
    await rm(join(folder.path, 'text.onnx'));
  });

  it('are refused where what an MDX model says about itself is missing', async () => {
    await cp(join(modelDir, 'vocals-all.onnx'), join(folder.path, 'other.onnx'));
    await refused('mdx', ['other.onnx'], /lacks the metadata sample_rate, n_fft/);
  });
});

it('a family that no engine knows is refused by name', async () => {
  await assert.rejects(
    open('demucs', 'mdx-all.onnx'),
    /family 'demucs'.*gtcrn, dpdfnet, mdx, spleeter/,
  );
});
