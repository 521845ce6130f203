import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import type { EngineEvent } from '#services/model-manager/engine-host.js';
import { ModelManager } from '#services/model-manager/model-manager.js';
import { createModelStore, type ModelStore } from '#services/model-manager/store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { testFolder } from '../../support/paths.js';
import { eventually, isRunning } from '../../support/processes.js';
import {
  fileEntry,
  modelEntry,
  recogniserEntry,
  writeCatalogue,
} from '../../support/test-catalogue.js';

const models = join(projectRoot, 'test', 'fixtures', 'tiny-models', 'separation');
const FILES = ['vocals-all.onnx', 'accompaniment-none.onnx'];
const sources = [{ kind: 'https', url: 'https://127.0.0.1:9/none' }];
const speech = fixturePcm('two-speakers-clean').slice(0, 4 * 16_000);

describe('a process that enhances', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let store: ModelStore;
  let manager: ModelManager;
  const events: EngineEvent[] = [];

  before(async () => {
    folder = await testFolder();
    const files = await Promise.all(
      FILES.map(async (name) => fileEntry(name, await readFile(join(models, name)), sources)),
    );
    const vad = modelEntry('vad', [fileEntry('vad.onnx', Buffer.from('vad'), sources)]);
    const catalogue = await writeCatalogue(join(folder.path, 'catalogue'), [
      vad,
      recogniserEntry(['vad']),
      modelEntry('tiny', files, { family: 'spleeter', task: 'vocals' }),
    ]);
    const modelsDir = join(folder.path, 'models');
    await mkdir(join(modelsDir, 'tiny'), { recursive: true });
    for (const name of FILES) await cp(join(models, name), join(modelsDir, 'tiny', name));
    store = createModelStore({ catalogue, modelsDir });
    manager = new ModelManager({
      ...{ catalogue, store, logger: silentLogger, defaultModel: 'recogniser' },
      ...{ hosts: 1, threads: 1, tempDir: tmpdir() },
      enhance: { hosts: 1, threads: 1 },
      supervision: { restartPauseMs: 50 },
      onEvent: (event) => events.push(event),
    });
  });
  after(async () => {
    await manager.dispose();
    await folder.remove();
  });

  const pids = () => manager.state().hosts.flatMap(({ pid }) => pid ?? []);

  it('starts with the first call, and separates voices', async () => {
    const service = manager.enhancer('tiny');
    assert.deepEqual(pids(), []);
    const found = await service.enhance(speech);
    assert.ok(found instanceof Int16Array);
    assert.equal(found.length, speech.length);
    const difference = found.map((value, at) => Math.abs(value - (speech[at] ?? 0)));
    assert.ok(Math.max(...difference) < 3000);
    assert.equal(pids().length, 1);
    assert.deepEqual(
      events.map(({ type, role, model }) => [type, role, model]),
      [['loaded', 'enhance', 'tiny']],
    );
  });

  it('is replaced when it dies, and the work is done once more', async () => {
    const service = manager.enhancer('tiny');
    const [victim = 0] = pids();
    const work = service.enhance(speech);
    process.kill(victim, 'SIGKILL');
    assert.equal((await work).length, speech.length);
    assert.ok(!isRunning(victim));
    await eventually('another one is there', () => pids().length === 1 && pids()[0] !== victim);
  });

  it('ends with the manager, which takes no work after that', async () => {
    const own = pids();
    await manager.dispose();
    assert.ok(own.every((pid) => !isRunning(pid)));
    await assert.rejects(async () => manager.enhancer('tiny').enhance(speech), WhosaidError);
  });

  it('is not started where a file is missing: the error names the command that fetches it', async () => {
    await rm(join(folder.path, 'models', 'tiny', FILES[1] as string));
    const catalogue = await writeCatalogue(join(folder.path, 'catalogue'), [
      modelEntry('vad', [fileEntry('vad.onnx', Buffer.from('vad'), sources)]),
      recogniserEntry(['vad']),
      modelEntry(
        'tiny',
        [fileEntry('vocals-all.onnx', await readFile(join(models, 'vocals-all.onnx')), sources)],
        { family: 'spleeter', task: 'vocals' },
      ),
    ]);
    const other = new ModelManager({
      ...{ catalogue, logger: silentLogger, defaultModel: 'recogniser' },
      ...{ hosts: 1, threads: 1, tempDir: tmpdir() },
      store: createModelStore({ catalogue, modelsDir: join(folder.path, 'models') }),
      supervision: { restartPauseMs: 50 },
    });
    try {
      await assert.rejects(
        other.enhancer('tiny').enhance(speech),
        (error) =>
          error instanceof WhosaidError && /accompaniment.*models pull tiny/.test(error.message),
      );
    } finally {
      await other.dispose();
    }
  });
});
