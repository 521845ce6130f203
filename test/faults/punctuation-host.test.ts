import assert from 'node:assert/strict';
import { cp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadSettings } from '#config/settings.js';
import { type Catalogue, loadCatalogue } from '#services/model-manager/catalogue.js';
import { ModelManager } from '#services/model-manager/model-manager.js';
import { createModelStore } from '#services/model-manager/store.js';
import type { Logger } from '#utils/logging/logger.js';
import { testFolder } from '../support/paths.js';
import { fileEntry, modelEntry, writeCatalogue } from '../support/test-catalogue.js';
import { tone } from '../support/tiny-models.js';

const TINY = join(projectRoot, 'test/fixtures/tiny-models');
const real = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));
const realStore = createModelStore({ catalogue: real, modelsDir: loadSettings().modelsDir });
const NAMES = {
  'cnn-bilstm': ['model.int8.onnx', 'bpe.vocab'],
  'ct-transformer': ['model.int8.onnx'],
  zipformer: [
    'encoder-epoch-99-avg-1.int8.onnx',
    'decoder-epoch-99-avg-1.onnx',
    'joiner-epoch-99-avg-1.int8.onnx',
    'tokens.txt',
  ],
} as const;

describe('a recogniser that writes no punctuation', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let catalogue: Catalogue;
  const installed = new Set<string>();
  const warnings: string[] = [];
  const managers: ModelManager[] = [];
  const logger: Logger = {
    debug() {},
    info() {},
    warn: (_, about) => void warnings.push(String(about?.note ?? '')),
    error() {},
  };

  before(async () => {
    folder = await testFolder();
    for (const name of Object.keys(NAMES))
      await cp(join(TINY, name), join(folder.path, name), { recursive: true });
    const entry = (id: keyof typeof NAMES, more: Record<string, unknown>) =>
      modelEntry(
        id,
        NAMES[id].map((path) => fileEntry(path, Buffer.from(path), [bundled(id, path)])),
        { family: id, ...more },
      );
    const vad = real.entryOf('silero-vad');
    catalogue = await writeCatalogue(join(folder.path, 'catalogue'), [
      modelEntry('silero-vad', vad.files, { family: 'silero' }),
      entry('zipformer', {
        task: 'asr',
        languages: ['en'],
        default: true,
        requires: ['silero-vad'],
        capabilities: { wordTimes: true, punctuation: false },
      }),
      entry('ct-transformer', { task: 'punctuation', languages: ['zh', 'en'] }),
      entry('cnn-bilstm', { task: 'punctuation', languages: ['en'] }),
    ]);
  });
  afterEach(async () => {
    await Promise.all(managers.splice(0).map((manager) => manager.dispose()));
    warnings.length = 0;
    installed.clear();
  });
  after(() => folder.remove());

  function bundled(id: string, path: string) {
    return { kind: 'bundled', path: `${id}/${path}` };
  }

  function manager(punctuation = true): ModelManager {
    const made = new ModelManager({
      catalogue,
      store: {
        isInstalled: async (id) => installed.has(id) || ['zipformer', 'silero-vad'].includes(id),
        path: async (id) => (id === 'silero-vad' ? realStore.path(id) : join(folder.path, id)),
      },
      logger,
      defaultModel: 'zipformer',
      hosts: 2,
      threads: 1,
      tempDir: tmpdir(),
      punctuation,
    });
    managers.push(made);
    return made;
  }

  const textBy = async (made: ModelManager) =>
    (await made.speech().recognise([tone()], {})).map(({ text }) => text).join();

  it('is punctuated by the installed model that knows the fewest other languages', async () => {
    installed.add('ct-transformer').add('cnn-bilstm');
    const made = manager();
    assert.deepEqual(await made.speech().punctuation?.(), ['cnn-bilstm']);
    const [segment] = await made.speech().recognise([tone()], {});
    assert.equal(segment?.text, 'Hello, world.');
    assert.deepEqual(
      segment?.words.map(({ text }) => text),
      ['Hello,', 'world.'],
    );
    assert.ok(Math.abs((segment?.words[1]?.start ?? 0) - 0.24) < 0.01);
    assert.deepEqual(segment?.tokens, [1, 2, 4, 5, 6]);
    assert.deepEqual(warnings, []);
  });

  it('is punctuated by another model that knows its language', async () => {
    installed.add('ct-transformer');
    assert.equal(await textBy(manager()), 'hello, world.');
    assert.deepEqual(warnings, []);
  });

  it('stays as it is where no model is installed, and one line in the log says what to fetch', async () => {
    const made = manager();
    assert.equal(await textBy(made), 'hello world.');
    await made.start();
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /models pull cnn-bilstm/);
    assert.deepEqual(await made.speech().punctuation?.(), []);
  });

  it('stays as it is where the setting is off', async () => {
    installed.add('cnn-bilstm');
    assert.equal(await textBy(manager(false)), 'hello world.');
    assert.deepEqual(warnings, []);
  });

  it('is not loaded with a punctuation model that is damaged, and the error says so', async () => {
    installed.add('cnn-bilstm');
    const path = join(folder.path, 'cnn-bilstm', 'model.int8.onnx');
    await truncate(path, 1000);
    await assert.rejects(manager().start(), /model\.int8\.onnx of model 'cnn-bilstm'.*cut short/);
    await rm(path);
    await assert.rejects(manager().start(), /'cnn-bilstm' is missing.*models pull cnn-bilstm/);
  });
});
