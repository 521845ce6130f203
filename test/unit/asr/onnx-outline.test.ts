import assert from 'node:assert/strict';
import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { valueInfo } from '#services/onnx/build.js';
import { readOnnxOutline } from '#services/onnx/outline.js';
import { decodeModel, encodeModel } from '#services/onnx/schema.js';
import { testFolder } from '../../support/paths.js';

const model = join(projectRoot, 'models/bundled/segmentation-3.0/segmentation-3.0.onnx');

describe('the outline of an ONNX file', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  before(async () => {
    folder = await testFolder();
  });
  after(() => folder.remove());

  it('holds the metadata and the names of the outputs', async () => {
    const { metadata, outputs } = await readOnnxOutline(model);
    assert.deepEqual(outputs, ['y']);
    assert.equal(metadata.get('num_speakers'), '3');
  });

  it('holds what goes in and comes out, with types and sizes', async () => {
    const { inputTensors, outputTensors } = await readOnnxOutline(model);
    assert.deepEqual(inputTensors, [{ name: 'x', elementType: 1, dims: [-1, 1, -1] }]);
    assert.deepEqual(
      outputTensors.map(({ name, elementType, dims }) => [name, elementType, dims?.length]),
      [['y', 1, 3]],
    );
  });

  it('leaves out weights that old exporters list as inputs', async () => {
    const path = join(folder.path, 'old.onnx');
    const old = decodeModel(await readFile(model));
    const [weight] = old.graph.initializer;
    assert.ok(weight);
    old.graph.input.push(valueInfo(weight.name, 'float', [1]));
    await writeFile(path, encodeModel(old));
    const { inputTensors } = await readOnnxOutline(path);
    assert.deepEqual(
      inputTensors.map(({ name }) => name),
      ['x'],
    );
  });

  it('is refused when the file is cut short, wherever', async () => {
    for (const bytes of [0, 7, 5_000, 2_000_000, 3_000_843]) {
      const path = join(folder.path, 'short.onnx');
      await copyFile(model, path);
      await truncate(path, bytes);
      await assert.rejects(readOnnxOutline(path), /cut short|no graph/, `${bytes} bytes`);
    }
  });

  it('holds a vocabulary of millions of bytes that is in the metadata', async () => {
    const path = join(folder.path, 'vocabulary.onnx');
    const value = 'a|'.repeat(2_000_000);
    const pair = Buffer.concat([field(1, Buffer.from('tokens')), field(2, Buffer.from(value))]);
    await writeFile(path, Buffer.concat([await readFile(model), field(14, pair)]));
    assert.equal((await readOnnxOutline(path)).metadata.get('tokens'), value);
  });

  it('is refused when the file is something else', async () => {
    const path = join(folder.path, 'other.onnx');
    await writeFile(path, '<!doctype html><title>Not found</title>');
    await assert.rejects(readOnnxOutline(path), /cut short|no ONNX model|no graph/);
  });
});

/** A length-delimited field as protobuf writes it. */
function field(id: number, bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; rest > 0; rest = Math.floor(rest / 128))
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
  return Buffer.concat([Buffer.from([id * 8 + 2, ...length]), bytes]);
}
