import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadSettings } from '#config/settings.js';
import type { RecognisedSegment, SpeechService } from '#services/asr/types.js';
import { loadCatalogue } from '#services/model-manager/catalogue.js';
import { ModelManager, type ModelManagerOptions } from '#services/model-manager/model-manager.js';
import { createModelStore, type ModelStore } from '#services/model-manager/store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { testFolder } from '../support/paths.js';
import { eventually, isRunning } from '../support/processes.js';

const catalogue = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));
const { modelsDir } = loadSettings();
const managers: ModelManager[] = [];
let store: ModelStore;
let empty: Awaited<ReturnType<typeof testFolder>>;

before(async () => {
  store = createModelStore({ catalogue, modelsDir });
  empty = await testFolder();
});
afterEach(() => Promise.all(managers.splice(0).map((manager) => manager.dispose())));
after(() => empty.remove());

function createManager(options: Partial<ModelManagerOptions> = {}): ModelManager {
  const manager = new ModelManager({
    catalogue,
    store,
    logger: silentLogger,
    defaultModel: 'moonshine-base-en',
    hosts: 2,
    threads: 1,
    tempDir: tmpdir(),
    supervision: { restartPauseMs: 50 },
    ...options,
  });
  managers.push(manager);
  return manager;
}

/** The first speech segments of a real recording, as the detector finds them. */
async function realSegments(speech: SpeechService) {
  const samples = fixturePcm('two-speakers-clean').subarray(0, 20 * 16_000);
  const spans = await speech.detect(samples);
  assert.ok(spans.length >= 2, `${spans.length} spans of speech in 20 s`);
  return spans.map(({ start, end }) => ({
    samples: samples.subarray(Math.round(start * 16_000), Math.round(end * 16_000)),
  }));
}

const textOf = (segments: readonly RecognisedSegment[]) =>
  segments.map(({ text }) => text).join(' ');

const failsWith =
  (key: WhosaidError['key'], message = /./) =>
  (error: unknown) =>
    error instanceof WhosaidError && error.key === key && message.test(error.message);

describe('speech hosts with the real models', () => {
  it('give the same result when a host is killed in the middle of the work', async () => {
    const manager = createManager();
    await manager.start();
    assert.equal(manager.state().modelLoaded, true);
    const speech = manager.speech();
    const segments = await realSegments(speech);
    const expected = await speech.recognise(segments, {});
    assert.ok(textOf(expected).split(' ').length > 20, 'a transcript came out');

    const pids = manager.state().hosts.map(({ pid }) => pid as number);
    const requests = [speech.recognise(segments, {}), speech.recognise(segments, {})];
    await eventually('both hosts work', () =>
      manager.state().hosts.every(({ state }) => state === 'busy'),
    );
    const [victim] = pids as [number];
    process.kill(victim, 'SIGKILL');
    for (const result of await Promise.all(requests)) assert.deepEqual(result, expected);
    assert.ok(!isRunning(victim));

    await eventually(
      'the killed host is back',
      () => manager.state().hosts.every(({ state }) => state === 'ready'),
      30_000,
    );
    assert.deepEqual(
      manager
        .state()
        .hosts.map(({ restarts }) => restarts)
        .sort(),
      [0, 1],
    );
    assert.deepEqual(await speech.recognise(segments, {}), expected);
  });

  it('leave no process after dispose, and report their memory while they live', async () => {
    const manager = createManager();
    await manager.start();
    await realSegments(manager.speech());
    const { hosts } = manager.state();
    assert.ok(hosts.some(({ rssBytes }) => rssBytes !== undefined && rssBytes > 50e6));
    await manager.dispose();
    for (const { pid } of hosts) assert.ok(!isRunning(pid as number));
    assert.equal(manager.state().modelLoaded, false);
    assert.throws(() => manager.speech(), failsWith('engine_unavailable', /stopping/));
  });

  it('load nothing before they are needed, and start with the first request', async () => {
    const manager = createManager({ hosts: 1 });
    const { modelLoaded, modelName, hosts } = manager.state();
    assert.deepEqual(
      { modelLoaded, modelName, hosts },
      { modelLoaded: false, modelName: 'moonshine-base-en', hosts: [] },
    );
    await realSegments(manager.speech());
    assert.equal(manager.state().modelLoaded, true);
  });

  it('name the command to run when the model is not on disk', async () => {
    const manager = createManager({
      store: createModelStore({ catalogue, modelsDir: empty.path }),
    });
    await assert.rejects(
      manager.start(),
      failsWith('model_not_installed', /models pull moonshine-base-en/),
    );
    assert.deepEqual(manager.state().hosts, []);
  });

  it('name the command to run when a file vanished between the check and the load', async () => {
    const believing = { isInstalled: async () => true, path: async () => empty.path };
    const manager = createManager({ store: believing, hosts: 1 });
    await assert.rejects(
      manager.start(),
      failsWith('engine_unavailable', /missing or cannot be read.*models pull moonshine-base-en/),
    );
  });

  it('refuse a model that is no recogniser', () => {
    const manager = createManager();
    assert.throws(() => manager.speech('silero-vad'), failsWith('model_unknown', /silero-vad/));
    assert.throws(
      () => createManager({ defaultModel: 'nope' }),
      failsWith('model_unknown', /nope/),
    );
  });
});
