import assert from 'node:assert/strict';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadSettings } from '#config/settings.js';
import { ModelManager } from '#services/model-manager/model-manager.js';
import { createModelStore } from '#services/model-manager/store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from '../../../support/paths.js';
import { modelEntry, writeCatalogue } from '../../../support/test-catalogue.js';
import { tone } from '../../../support/tiny-models.js';

const MODEL = 'tiny-parakeet';
const FILES = ['encoder.int8.onnx', 'decoder.int8.onnx', 'joiner.int8.onnx', 'tokens.txt'];

describe('an engine host with a model that sherpa-onnx runs', () => {
  const folders: (() => Promise<void>)[] = [];
  after(() => Promise.all(folders.map((remove) => remove())));

  /** A folder of models with the tiny one in it, as somebody would put it there by hand. */
  async function modelsFolder(): Promise<string> {
    const { path, remove } = await testFolder();
    folders.push(remove);
    await symlink(join(loadSettings().modelsDir, 'silero-vad'), join(path, 'silero-vad'));
    const tiny = join(projectRoot, 'test/fixtures/tiny-models/nemo-tdt');
    await cp(tiny, join(path, MODEL), { recursive: true });
    return path;
  }

  /** The files are taken as they are, so that a damaged one comes as far as the host. */
  async function managerOf(modelsDir: string): Promise<ModelManager> {
    const all = JSON.parse(await readFile(join(projectRoot, 'models/catalogue.json'), 'utf8')) as {
      models: { id: string }[];
    };
    const vad = all.models.find(({ id }) => id === 'silero-vad') as Record<string, unknown>;
    const sources = [{ kind: 'https', url: 'https://127.0.0.1:1/absent' }];
    const files = FILES.map((path) => ({ path, sources }));
    const entry = modelEntry(MODEL, files, {
      task: 'asr',
      family: 'nemo-transducer',
      languages: ['en'],
      default: true,
      requires: ['silero-vad'],
      capabilities: { wordTimes: true, logprobs: true, hotwords: true },
      limits: { maxSegmentSeconds: 30 },
    });
    const { bytes: _unknown, ...open } = entry;
    const catalogue = await writeCatalogue(join(modelsDir, 'catalogue'), [vad, open]);
    return new ModelManager({
      catalogue,
      store: createModelStore({ catalogue, modelsDir }),
      logger: silentLogger,
      defaultModel: MODEL,
      hosts: 1,
      threads: 1,
      tempDir: modelsDir,
      supervision: { restartPauseMs: 50 },
    });
  }

  it('recognises, and hears keywords', async () => {
    const engines = await managerOf(await modelsFolder());
    try {
      await engines.start();
      const speech = engines.speech();
      const [result] = await speech.recognise([tone()], { keywords: ['hallo'] });
      assert.equal(result?.text, 'hallo world.');
      assert.equal(result?.language, 'en');
      assert.deepEqual(await speech.detectLanguage(tone()), { language: 'en' });
    } finally {
      await engines.dispose();
    }
  });

  it('says which file is damaged and what to do, instead of dying of it', async () => {
    const modelsDir = await modelsFolder();
    // A whole ONNX file, so that the store has nothing against it, but sherpa-onnx would end the process.
    const encoder = join(modelsDir, MODEL, 'encoder.int8.onnx');
    const bytes = await readFile(encoder);
    bytes.write('_', bytes.lastIndexOf('pred_hidden'));
    await writeFile(encoder, bytes);
    const engines = await managerOf(modelsDir);
    try {
      await assert.rejects(
        engines.start(),
        (error: unknown) =>
          error instanceof WhosaidError &&
          error.key === 'engine_unavailable' &&
          /encoder\.int8\.onnx of model 'tiny-parakeet'.*lacks pred_hidden.*models pull/.test(
            error.message,
          ),
      );
    } finally {
      await engines.dispose();
    }
  });
});
