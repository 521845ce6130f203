import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { type MoonshineModel, openMoonshine } from '#services/asr/moonshine/decode.js';
import { moonshineFiles } from '#services/asr/moonshine/files.js';
import { InferenceSession, Tensor } from '#services/onnx/runtime.js';
import { fixturePcm } from '../../support/fixture-pcm.js';

const modelDir = join(loadSettings().modelsDir, 'moonshine-base-en');
const SECOND = 16_000;

describe('Moonshine on a batch', () => {
  let model: MoonshineModel;
  let speech: Int16Array;
  before(async () => {
    model = await openMoonshine({ modelDir, threads: 1 });
    speech = fixturePcm('two-speakers-clean');
  });
  after(() => model.dispose());

  const part = (from: number, to: number) => ({
    samples: speech.slice(from * SECOND, to * SECOND),
  });

  it('hears in a short segment beside a long one what it hears in it alone', async () => {
    const short = part(0, 4);
    const [alone] = await model.decode([short]);
    const [beside] = await model.decode([short, part(4, 18)]);
    assert.deepEqual(beside?.tokens, alone?.tokens);
    assert.equal(beside?.frames, alone?.frames);
    assert.ok((alone?.tokens.length ?? 0) > 5);
  });

  it('attends to a short segment beside a long one as it does to it alone', async () => {
    const [alone] = await model.decode([part(0, 4)]);
    const [, beside] = await model.decode([part(4, 18), part(0, 4)]);
    assert.ok(alone && beside);
    const difference = alone.attention.reduce(
      (sum, weight, at) => sum + Math.abs(weight - (beside.attention[at] as number)),
      0,
    );
    // Of one per token; activations are quantised over the whole batch.
    assert.ok(difference / alone.tokens.length < 0.1, `${difference} in ${alone.tokens.length}`);
  });

  it('reads a segment of a few milliseconds', async () => {
    const [tiny] = await model.decode([{ samples: new Int16Array(100) }]);
    assert.ok(tiny);
    assert.ok(tiny.frames >= 1);
  });
});

describe("Moonshine's encoder with signed weights", () => {
  it('gives what the original gives, to the bit', async () => {
    const samples = fixturePcm('two-speakers-clean').slice(0, 3 * SECOND);
    const input = Float32Array.from(samples, (value) => value / 32_768);
    const outputs = [];
    for (const name of [moonshineFiles.encoder, moonshineFiles.signedEncoder]) {
      const session = await InferenceSession.create(await readFile(join(modelDir, name)));
      const { last_hidden_state } = await session.run({
        input_values: new Tensor('float32', input, [1, input.length]),
      });
      outputs.push(last_hidden_state?.data);
      await session.release();
    }
    assert.deepEqual(outputs[1], outputs[0]);
  });
});
