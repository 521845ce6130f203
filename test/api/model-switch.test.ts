import assert from 'node:assert/strict';
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { shortClip } from '../support/clips.js';
import { watchModelFiles } from '../support/model-files.js';
import { testFolder } from '../support/paths.js';
import { parseScrape } from '../support/prometheus.js';
import { filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';
import { installWhisper, WHISPER_MODEL, whisperDir } from '../support/whisper-model.js';

const MOONSHINE = 'moonshine-base-en';
const SENTENCE = /spent less on travel/i;

async function transcribe(server: TestServer, model: string) {
  const parts = [filePart(shortClip()), ...textParts({ model })];
  const url = `${server.url}/v1/audio/transcriptions`;
  const { status, body } = await rawRequest(url, { method: 'POST', ...multipart(parts) });
  assert.equal(status, 200, body);
  assert.match(JSON.parse(body).text, SENTENCE);
}

async function loadedModels(server: TestServer): Promise<string[]> {
  const { pools } = JSON.parse((await rawRequest(`${server.url}/health`)).body);
  return pools
    .filter(({ usable }: { usable: number }) => usable > 0)
    .map(({ model }: { model: string }) => model);
}

describe('a server whose models are larger than MODEL_MEMORY', () => {
  it('does not start where even the default model does not fit, and says what to do', async () => {
    await assert.rejects(
      startTestServer({ MODEL_MEMORY: '1MB' }),
      (error) =>
        error instanceof WhosaidError &&
        error.key === 'model_too_large' &&
        /'moonshine-base-en' takes about \d+ MB.*1 MB.*MODEL_MEMORY/.test(error.message),
    );
  });
});

const skip =
  (whisperDir() === undefined && 'Whisper is not on this machine') ||
  (process.platform !== 'linux' && 'there is no /proc here');

describe('a server with room for one model', { skip }, () => {
  let models: Awaited<ReturnType<typeof testFolder>>;
  let server: TestServer;
  let opened: string[];
  before(async () => {
    // Real files, not links: what is opened is to be told by its path.
    models = await testFolder();
    const { modelsDir } = loadSettings();
    for (const name of await readdir(modelsDir))
      if (name === MOONSHINE || name === 'silero-vad')
        await cp(join(modelsDir, name), join(models.path, name), {
          recursive: true,
          dereference: true,
        });
    await installWhisper(models.path, { copy: true });
    const watch = watchModelFiles(models.path);
    server = await startTestServer({ MODELS_DIR: models.path, MODEL_MEMORY: '420MB' });
    opened = await watch.stop();
  });
  after(async () => {
    await server?.close();
    await models.remove();
  });

  it('opens no file of a model that nobody asked for', () => {
    assert.deepEqual(opened, [MOONSHINE, 'silero-vad']);
  });

  it('loads another model for the first request for it, and lets the other one go, without a restart', async () => {
    await transcribe(server, MOONSHINE);
    const watch = watchModelFiles(models.path);
    await transcribe(server, WHISPER_MODEL);
    assert.deepEqual(await watch.stop(), ['silero-vad', WHISPER_MODEL]);
    assert.deepEqual(await loadedModels(server), [WHISPER_MODEL]);
    await transcribe(server, MOONSHINE);
    assert.deepEqual(await loadedModels(server), [MOONSHINE]);
  });

  it('is ready while its default model has given way: the next request loads it', async () => {
    await transcribe(server, WHISPER_MODEL);
    const health = JSON.parse((await rawRequest(`${server.url}/health`)).body);
    assert.equal(health.model_loaded, false);
    assert.equal((await rawRequest(`${server.url}/ready`)).status, 200);
  });

  it('serves both models at the same time, in turns', async () => {
    await Promise.all(
      [MOONSHINE, WHISPER_MODEL, MOONSHINE].map((model) => transcribe(server, model)),
    );
  });

  it('says in its log and its metrics what it unloads, and what there is room for', async () => {
    const { sum } = parseScrape((await rawRequest(`${server.url}/metrics`)).body);
    assert.ok(sum('whosaid_model_unloads_total', { model: MOONSHINE, role: 'speech' }) >= 2);
    assert.equal(sum('whosaid_model_memory_limit_bytes'), 420e6);
    assert.ok(sum('whosaid_model_memory_bytes') > 50e6);
    const line = server.logs.find(({ message }) => message === 'A model is unloaded');
    assert.equal(line?.fields.model, MOONSHINE);
    assert.equal(line?.fields.reason, `room for ${WHISPER_MODEL}`);
    const { model_memory } = JSON.parse((await rawRequest(`${server.url}/health`)).body);
    assert.equal(model_memory.limit_bytes, 420e6);
  });
});

describe('a server that is told to preload models', { skip }, () => {
  it('has all of them in memory when it is ready', async () => {
    const models = await testFolder();
    const { modelsDir } = loadSettings();
    for (const name of [MOONSHINE, 'silero-vad'])
      await cp(join(modelsDir, name), join(models.path, name), {
        recursive: true,
        dereference: true,
      });
    await installWhisper(models.path);
    const server = await startTestServer({
      MODELS_DIR: models.path,
      PRELOAD_MODELS: `${WHISPER_MODEL}, ${MOONSHINE}`,
    });
    try {
      assert.deepEqual(await loadedModels(server), [MOONSHINE, WHISPER_MODEL]);
    } finally {
      await server.close();
      await models.remove();
    }
  });

  it('refuses an id that is none of a model, naming those there are', async () => {
    await assert.rejects(
      startTestServer({ PRELOAD_MODELS: 'silero-vad' }),
      /PRELOAD_MODELS names "silero-vad"; expected some of moonshine-base-en/,
    );
  });
});
