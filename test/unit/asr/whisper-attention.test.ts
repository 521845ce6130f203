import assert from 'node:assert/strict';
import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { createWhisperEngine } from '#services/asr/whisper/engine.js';
import { readOnnxOutline } from '#services/onnx/outline.js';
import { decodeModel, encodeModel } from '#services/onnx/schema.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { testFolder } from '../../support/paths.js';
import { whisperDir } from '../../support/whisper-model.js';

const shared = whisperDir();
const FILES = ['encoder.int8.onnx', 'decoder.int8.onnx', 'tokens.txt'];
const OUTPUT = 'cross_attention_weights';
const COPY = 'decoder.int8.attention.onnx';

describe('a Whisper decoder that does not say where it looks', {
  skip: shared === undefined ? 'no Whisper base on this machine (WHISPER_DIR)' : false,
}, () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  const path = (name: string) => join(folder.path, name);
  const engineIn = (modelDir: string) =>
    createWhisperEngine({ modelId: 'whisper-base', modelDir, modelFiles: FILES, threads: 1 });
  const segment = () => ({
    samples: fixturePcm('two-speakers-clean').subarray(0.5 * SAMPLE_RATE, 4.6 * SAMPLE_RATE),
  });

  /** As upstream's release: the same decoder without its fourth output. */
  before(async () => {
    folder = await testFolder();
    const from = shared as string;
    const model = decodeModel(await readFile(join(from, 'decoder.int8.onnx')));
    model.graph.output = model.graph.output.slice(0, 3);
    model.graph.node = model.graph.node.filter(({ output }) => !output.includes(OUTPUT));
    await writeFile(path('decoder.int8.onnx'), encodeModel(model));
    for (const name of ['encoder.int8.onnx', 'tokens.txt'])
      await symlink(join(from, name), path(name));
  });
  after(() => folder?.remove());

  it('gets a copy that does, with the word times of one that was exported so', async () => {
    const engine = await engineIn(folder.path);
    assert.deepEqual((await readOnnxOutline(path(COPY))).outputs.at(-1), OUTPUT);
    const [made] = await engine.recognise([segment()], { language: 'en' });
    const [exported] = await (await engineIn(shared as string)).recognise([segment()], {
      language: 'en',
    });
    assert.ok((made?.words.length ?? 0) > 8);
    assert.deepEqual(made?.words, exported?.words);
  });

  it('is copied once', async () => {
    const before = await stat(path(COPY));
    await engineIn(folder.path);
    assert.equal((await stat(path(COPY))).mtimeMs, before.mtimeMs);
    assert.ok(!(await readdir(folder.path)).some((name) => name.endsWith('.part')));
  });
});
