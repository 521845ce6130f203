import assert from 'node:assert/strict';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadSettings } from '#config/settings.js';
import type { AnalyseInput, SpeakerService } from '#services/diarization/types.js';
import { loadCatalogue } from '#services/model-manager/catalogue.js';
import { ModelManager, type ModelManagerOptions } from '#services/model-manager/model-manager.js';
import { createModelStore, type ModelStore } from '#services/model-manager/store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';
import { canSeeProcesses, openHandles } from '../support/decoding.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { testFolder } from '../support/paths.js';
import { childrenOf, eventually, isRunning } from '../support/processes.js';

const SAMPLE_RATE = 16_000;
const catalogue = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));
const { modelsDir } = loadSettings();
const managers: ModelManager[] = [];
let store: ModelStore;
let folder: Awaited<ReturnType<typeof testFolder>>;

before(async () => {
  store = createModelStore({ catalogue, modelsDir });
  folder = await testFolder();
});
afterEach(() => Promise.all(managers.splice(0).map((manager) => manager.dispose())));
after(() => folder.remove());

type Mode = 'auto' | 'always' | 'never';

function createManager(mode: Mode = 'auto', options: Partial<ModelManagerOptions> = {}) {
  const manager = new ModelManager({
    catalogue,
    store,
    logger: silentLogger,
    defaultModel: 'moonshine-base-en',
    hosts: 1,
    threads: 1,
    tempDir: tmpdir(),
    speakers: { mode, hosts: 2, threads: 1 },
    supervision: { restartPauseMs: 50 },
    ...options,
  });
  managers.push(manager);
  return manager;
}

/** All of a recording as one block: several seconds of work. */
const block: AnalyseInput = {
  samples: fixturePcm('three-speakers-reverb'),
  start: 0,
  firstWindow: 0,
  last: true,
};
const seconds = block.samples.length / SAMPLE_RATE;

/** What a request for speakers asks of the service. */
async function speakersOf(speakers: SpeakerService) {
  const analysis = await speakers.analyse(block);
  const tracks = await speakers.tracks({ start: 0, end: seconds, blocks: [analysis] });
  return speakers.identify([tracks], {});
}

const speakerHosts = (manager: ModelManager) =>
  manager.state().hosts.filter(({ role }) => role === 'speaker');

const failsWith =
  (key: WhosaidError['key'], message = /./) =>
  (error: unknown) =>
    error instanceof WhosaidError && error.key === key && message.test(error.message);

const skip = canSeeProcesses ? false : 'looks at processes through /proc';

describe('speaker hosts with the real models', () => {
  it('give the same result when a host is killed in the middle of an analysis', async () => {
    const manager = createManager();
    const speakers = manager.speakers();
    const expected = await speakers.analyse(block);
    assert.ok(expected.pieces.length > 10, `${expected.pieces.length} pieces were embedded`);

    const requests = [speakers.analyse(block), speakers.analyse(block)];
    await eventually('both hosts work', () =>
      speakerHosts(manager).every(({ state }) => state === 'busy'),
    );
    const victim = speakerHosts(manager)[0]?.pid as number;
    process.kill(victim, 'SIGKILL');
    for (const result of await Promise.all(requests)) assert.deepEqual(result, expected);
    assert.ok(!isRunning(victim));
    await eventually(
      'the killed host is back',
      () => speakerHosts(manager).every(({ state }) => state === 'ready'),
      30_000,
    );
    const restarts = speakerHosts(manager).map((host) => host.restarts);
    assert.deepEqual(restarts.sort(), [0, 1]);
  });

  it('keep embeddings binary between the processes, of unit length', async () => {
    const { runs, pieces } = await createManager().speakers().analyse(block);
    assert.ok(runs.length > 0);
    for (const { embedding } of pieces) {
      assert.ok(embedding instanceof Float32Array);
      const length = Math.hypot(...embedding);
      assert.ok(Math.abs(length - 1) < 1e-3, `${length}`);
    }
  });

  it('are free again soon after a request is cancelled', async () => {
    const manager = createManager('auto', { speakers: { mode: 'auto', hosts: 1, threads: 1 } });
    const speakers = manager.speakers();
    await speakers.sample(block.samples.slice(0, 5 * SAMPLE_RATE));
    const startMs = performance.now();
    await speakers.analyse(block);
    const wholeMs = performance.now() - startMs;
    const abort = new AbortController();
    const cancelled = speakers.analyse(block, abort);
    const sample = speakers.sample(block.samples.slice(0, 2 * SAMPLE_RATE));
    const cancelMs = performance.now();
    setTimeout(() => abort.abort(new Error('client left')), 100);
    await assert.rejects(cancelled, /client left/);
    assert.ok(
      performance.now() - cancelMs < Math.max(wholeMs / 2, 400),
      'whoever cancels does not wait',
    );
    assert.ok((await sample).speechSeconds >= 0);
    assert.ok(performance.now() - cancelMs < Math.max(wholeMs, 1000), 'the work stops early');
  });

  it('leave no more processes and files open after five requests than after one', {
    skip,
  }, async () => {
    const before = { children: childrenOf().length, handles: openHandles() };
    const manager = createManager();
    const first = await speakersOf(manager.speakers());
    await eventually('all is quiet', () =>
      speakerHosts(manager).every(({ state }) => state === 'ready'),
    );
    const warm = { children: childrenOf().length, handles: openHandles() };
    assert.equal(warm.children, before.children + 2);
    for (let request = 0; request < 5; request += 1)
      assert.deepEqual(await speakersOf(manager.speakers()), first);
    assert.deepEqual({ children: childrenOf().length, handles: openHandles() }, warm);
    await manager.dispose();
    assert.equal(childrenOf().length, before.children);
    await eventually('the channels are closed', () => openHandles() <= before.handles);
  });
});

describe('speaker hosts as the settings say', () => {
  it('never: none is started, whoever asks', { skip }, async () => {
    const manager = createManager('never');
    const children = childrenOf().length;
    const speakers = manager.speakers();
    const disabled = failsWith('speakers_disabled', /ENABLE_SPEAKER_DIARIZATION=never/);
    await assert.rejects(speakers.analyse(block), disabled);
    await assert.rejects(speakers.tracks({ start: 0, end: 1, blocks: [] }), disabled);
    await assert.rejects(speakers.identify([], {}), disabled);
    await assert.rejects(speakers.sample(new Int16Array(SAMPLE_RATE)), disabled);
    assert.deepEqual(manager.state().hosts, []);
    assert.equal(childrenOf().length, children);
    await manager.start();
    assert.deepEqual(speakerHosts(manager), []);
    assert.equal(childrenOf().length, children + 1);
  });

  it('auto: none is started before somebody asks, then they stay', { skip }, async () => {
    const manager = createManager('auto');
    await manager.start();
    const children = childrenOf().length;
    const speakers = manager.speakers();
    assert.deepEqual(speakerHosts(manager), []);
    assert.equal(childrenOf().length, children);
    await speakers.sample(block.samples.slice(0, 2 * SAMPLE_RATE));
    assert.equal(speakerHosts(manager).length, 2);
    assert.equal(childrenOf().length, children + 2);
  });

  it('always: they are started with the recogniser', async () => {
    const manager = createManager('always');
    await manager.start();
    const states = speakerHosts(manager).map(({ state }) => state);
    assert.deepEqual(states, ['ready', 'ready']);
    assert.equal(manager.state().modelLoaded, true);
  });
});

describe('speaker hosts that cannot start', () => {
  const sample = () => block.samples.slice(0, 2 * SAMPLE_RATE);

  it('name the command to run when a model is not on disk', async () => {
    const without: ModelManagerOptions['store'] = {
      isInstalled: async (id) => id !== 'campplus-zh-en-advanced',
      path: (id) => store.path(id),
    };
    const manager = createManager('always', { store: without });
    const missing = failsWith('model_not_installed', /models pull campplus-zh-en-advanced/);
    await assert.rejects(manager.speakers().sample(sample()), missing);
    await assert.rejects(manager.start(), missing);
    assert.deepEqual(speakerHosts(manager), []);
  });

  it('tell everyone who waits when a file vanished between the check and the load', async () => {
    const believing = { isInstalled: async () => true, path: async () => folder.path };
    const speakers = createManager('auto', { store: believing }).speakers();
    const requests = await Promise.allSettled([1, 2, 3].map(() => speakers.sample(sample())));
    const missing = failsWith(
      'engine_unavailable',
      /^The engine for this is not running: .*missing or cannot be read.*models pull segmentation-3\.0/,
    );
    for (const each of requests) assert.ok(each.status === 'rejected' && missing(each.reason));
  });

  it('say so when a model file is damaged, and start once it is mended', async () => {
    const path = join(folder.path, 'mended');
    await mkdir(path);
    const bundled = join(projectRoot, 'models', 'bundled');
    const copies = ['segmentation-3.0', 'campplus-zh-en-advanced'];
    for (const id of copies) await cp(join(bundled, id, `${id}.onnx`), join(path, `${id}.onnx`));
    await writeFile(join(path, 'campplus-zh-en-advanced.onnx'), 'not a model');
    const believing = { isInstalled: async () => true, path: async () => path };
    const manager = createManager('auto', { store: believing });
    await assert.rejects(manager.speakers().sample(sample()), failsWith('engine_unavailable'));
    assert.deepEqual(speakerHosts(manager), []);
    const id = 'campplus-zh-en-advanced';
    await cp(join(bundled, id, `${id}.onnx`), join(path, `${id}.onnx`));
    // What did not start is left alone for a moment.
    await eventually('it starts', () =>
      manager
        .speakers()
        .sample(sample())
        .then(
          ({ speechSeconds }) => speechSeconds >= 0,
          () => false,
        ),
    );
  });

  it('do not start any more once the manager has stopped', async () => {
    const manager = createManager();
    const speakers = manager.speakers();
    await manager.dispose();
    await assert.rejects(speakers.sample(sample()), failsWith('engine_unavailable', /stopping/));
    assert.deepEqual(manager.state().hosts, []);
  });
});
