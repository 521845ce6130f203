import assert from 'node:assert/strict';
import { copyFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { readOnnxOutline } from '#services/onnx/outline.js';
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

  it('is refused when the file is cut short, wherever', async () => {
    for (const bytes of [0, 7, 5_000, 2_000_000, 3_000_843]) {
      const path = join(folder.path, 'short.onnx');
      await copyFile(model, path);
      await truncate(path, bytes);
      await assert.rejects(readOnnxOutline(path), /cut short|no graph/, `${bytes} bytes`);
    }
  });

  it('is refused when the file is something else', async () => {
    const path = join(folder.path, 'other.onnx');
    await writeFile(path, '<!doctype html><title>Not found</title>');
    await assert.rejects(readOnnxOutline(path), /cut short|no ONNX model|no graph/);
  });
});
