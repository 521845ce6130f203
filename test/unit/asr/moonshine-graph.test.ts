import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { moonshineFiles } from '#services/asr/moonshine/files.js';
import { fuseDecoder } from '#services/asr/moonshine/fuse-decoder.js';
import { readVocabulary } from '#services/asr/moonshine/vocabulary.js';
import { isPrepared, prepareModel } from '#services/asr/prepare-model.js';
import { InferenceSession } from '#services/onnx/runtime.js';
import { decodeModel, encodeModel } from '#services/onnx/schema.js';
import { testFolder } from '../../support/paths.js';

const installed = join(loadSettings().modelsDir, 'moonshine-base-en');

describe('the fused Moonshine decoder', () => {
  it('loads in the runtime with one input of audio features and no cache to carry', async () => {
    const merged = decodeModel(await readFile(join(installed, moonshineFiles.mergedDecoder)));
    const session = await InferenceSession.create(Buffer.from(encodeModel(fuseDecoder(merged))));
    assert.deepEqual(session.inputNames, ['encoder_hidden_states', 'frame_counts', 'max_steps']);
    assert.deepEqual(session.outputNames, ['tokens', 'logprobs', 'attention']);
    await session.release();
  });

  it('is refused for a graph that is not a merged decoder', async () => {
    const encoder = decodeModel(await readFile(join(installed, moonshineFiles.encoder)));
    assert.throws(() => fuseDecoder(encoder), /no If node/);
  });

  it('is not read from bytes that are no ONNX model', () => {
    assert.throws(() => decodeModel(Buffer.from('not a model')));
  });
});

const folderOf = (family: string, modelDir: string) => ({
  family,
  modelId: 'moonshine-base-en',
  modelDir,
  files: [moonshineFiles.encoder, moonshineFiles.mergedDecoder],
});

describe('preparing a Moonshine folder', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let dir: string;
  before(async () => {
    folder = await testFolder();
    dir = join(folder.path, 'moonshine');
    await mkdir(dir);
    for (const name of [moonshineFiles.encoder, moonshineFiles.mergedDecoder])
      await copyFile(join(installed, name), join(dir, name));
  });
  after(() => folder.remove());

  it('writes the same files each time, and knows that they are there', async () => {
    assert.equal(await isPrepared(folderOf('moonshine', dir)), false);
    await prepareModel(folderOf('moonshine', dir));
    assert.equal(await isPrepared(folderOf('moonshine', dir)), true);
    const first = await readFile(join(dir, moonshineFiles.fusedDecoder));
    await prepareModel(folderOf('moonshine', dir));
    assert.ok(first.equals(await readFile(join(dir, moonshineFiles.fusedDecoder))));
  });

  for (const name of [moonshineFiles.fusedDecoder, moonshineFiles.signedEncoder])
    it(`notices that ${name} was cut short`, async () => {
      await prepareModel(folderOf('moonshine', dir));
      await truncate(join(dir, name), 1000);
      assert.equal(await isPrepared(folderOf('moonshine', dir)), false);
    });

  it('makes files of an earlier version again', async () => {
    await prepareModel(folderOf('moonshine', dir));
    const earlier = { version: 1, fusedDecoderBytes: 1, tokensBytes: 1 };
    await writeFile(join(dir, moonshineFiles.stamp), JSON.stringify(earlier));
    assert.equal(await isPrepared(folderOf('moonshine', dir)), false);
  });

  it('fails on a damaged decoder and leaves no part behind', async () => {
    const damaged = join(folder.path, 'damaged');
    await mkdir(damaged);
    await copyFile(join(dir, moonshineFiles.encoder), join(damaged, moonshineFiles.encoder));
    await writeFile(join(damaged, moonshineFiles.mergedDecoder), Buffer.alloc(100, 7));
    await assert.rejects(prepareModel(folderOf('moonshine', damaged)));
    assert.equal(await isPrepared(folderOf('moonshine', damaged)), false);
  });

  it('has nothing to do for a family without derived files', async () => {
    await prepareModel(folderOf('silero', dir));
    assert.equal(await isPrepared(folderOf('silero', dir)), true);
  });

  it('writes tokens whose bytes carry their spaces', async () => {
    const vocabulary = await readVocabulary(join(dir, moonshineFiles.tokens));
    const pieces = [...vocabulary.values()].map((bytes) => Buffer.from(bytes).toString());
    assert.ok(pieces.includes(' the'));
    assert.ok(!vocabulary.has(2), 'the end token has no text');
  });
});
