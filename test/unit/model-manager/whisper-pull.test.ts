import assert from 'node:assert/strict';
import { access, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadCatalogue } from '#services/model-manager/catalogue.js';
import { createModelStore, type ModelStore } from '#services/model-manager/store.js';
import { readOnnxOutline } from '#services/onnx/outline.js';
import { type LogFields, silentLogger } from '#utils/logging/logger.js';
import {
  modelsWithWhisper,
  WHISPER_MODEL,
  whisperDir,
  writeUpstreamDecoder,
} from '../../support/whisper-model.js';

const COPY = 'base-decoder.int8.attention.onnx';

describe('pulling a Whisper model whose decoder does not say where it looks', {
  skip: whisperDir() === undefined ? 'no Whisper base on this machine (WHISPER_DIR)' : false,
}, () => {
  let models: Awaited<ReturnType<typeof modelsWithWhisper>>;
  let store: ModelStore;
  const warnings: (LogFields | undefined)[] = [];
  const path = (name: string) => join(models?.path ?? '', WHISPER_MODEL, name);

  before(async () => {
    models = await modelsWithWhisper();
    await writeUpstreamDecoder(path('base-decoder.int8.onnx'));
    store = createModelStore({
      catalogue: loadCatalogue(join(projectRoot, 'models/catalogue.json')),
      modelsDir: models?.path ?? '',
      logger: { ...silentLogger, warn: (_, fields) => warnings.push(fields) },
    });
  });
  after(() => models?.remove());
  beforeEach(async () => {
    warnings.length = 0;
    for (const name of [COPY, COPY.replace(/onnx$/, 'json')])
      await rm(path(name), { recursive: true, force: true });
  });

  it('makes the copy that does, once; without it the model is installed as well', async () => {
    assert.equal(await store.isInstalled(WHISPER_MODEL), true);
    await store.pull(WHISPER_MODEL);
    assert.equal((await readOnnxOutline(path(COPY))).outputs.length, 4);
    const { ino } = await stat(path(COPY));
    await store.pull(WHISPER_MODEL);
    assert.equal((await stat(path(COPY))).ino, ino);
    assert.deepEqual(warnings, []);
  });

  it('says why when it cannot, and is done all the same', async () => {
    await mkdir(path(COPY));
    await store.pull(WHISPER_MODEL);
    assert.equal(warnings.length, 1);
    assert.match(String(warnings[0]?.note), /no times of their own.+could be made \(E/);
    assert.ok((await readdir(path('.'))).every((name) => !name.endsWith('.part')));
    await assert.rejects(access(join(models?.path ?? '', '.pull.lock')));
  });
});
