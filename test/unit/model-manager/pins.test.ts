import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { createModelStore, type PullProgress } from '#services/model-manager/store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type ModelServer, startModelServer } from '../../support/model-server.js';
import { testFolder } from '../../support/paths.js';
import {
  modelEntry,
  noise,
  recogniserEntry,
  writeCatalogue,
} from '../../support/test-catalogue.js';

let folder: Awaited<ReturnType<typeof testFolder>>;
let modelsDir = '';
let server: ModelServer;

beforeEach(async () => {
  folder = await testFolder();
  modelsDir = join(folder.path, 'downloaded');
  server = await startModelServer();
});
afterEach(async () => {
  await server.close();
  await folder.remove();
});

type Json = Record<string, unknown>;

/** A store over one model, `web`, of one file from `/files/weights` of which this is known. */
async function storeOf(known: Json, path = 'weights.bin') {
  const source = { kind: 'https', url: `${server.url}/files/weights` };
  const model = modelEntry('web', [{ path, ...known, sources: [source] }], { bytes: known.bytes });
  const catalogue = await writeCatalogue(folder.path, [model, recogniserEntry(['web'])]);
  return createModelStore({ catalogue, modelsDir });
}

const weights = (name = 'weights.bin') => join(modelsDir, 'web', name);

async function putByHand(content: Buffer): Promise<void> {
  await mkdir(join(modelsDir, 'web'), { recursive: true });
  await writeFile(weights(), content);
}

const pinned = async () =>
  JSON.parse(await readFile(join(modelsDir, 'web/pins.json'), 'utf8'))['weights.bin'];

/** As a file is known whose content the catalogue has, and which may be replaced. */
const replaceable = (content: Buffer): Json => ({
  bytes: content.length,
  sha256: sha256Of(content),
  replaceable: true,
});

describe('a model file of which neither size nor hash is known', () => {
  it('is fetched whole, with the size the server tells, and pinned as it came', async () => {
    const content = noise(300_000);
    server.addFile('weights', content);
    const store = await storeOf({});
    const seen: PullProgress[] = [];
    await store.pull('web', { onProgress: (progress) => seen.push(progress) });
    assert.deepEqual(await readFile(weights()), content);
    assert.equal(seen.at(-1)?.totalBytes, content.length);
    assert.deepEqual(await pinned(), { bytes: content.length, sha256: sha256Of(content) });
    assert.equal((await store.verify('web')).ok, true);
  });

  it('is continued after a broken connection', async () => {
    const content = noise(300_000);
    server.addFile('weights', content, { cutAfterBytes: 100_000, cuts: 1 });
    await (await storeOf({})).pull('web');
    assert.deepEqual(await readFile(weights()), content);
    assert.equal(server.requests.length, 2);
  });

  it('is wrong once it is no longer as it was, and another download must be the same', async () => {
    const content = noise(1000);
    server.addFile('weights', content);
    const store = await storeOf({});
    await store.pull('web');
    await writeFile(weights(), noise(1000, 2));
    const { ok, files } = await (await storeOf({})).verify('web');
    assert.equal(ok, false);
    assert.equal(files[0]?.state, 'wrong');
    server.addFile('weights', noise(1000, 3));
    await assert.rejects(
      (await storeOf({})).pull('web'),
      (error) => error instanceof WhosaidError && error.key === 'model_file_wrong',
    );
    server.addFile('weights', content);
    await (await storeOf({})).pull('web');
    assert.equal(await (await storeOf({})).isInstalled('web'), true);
  });
});

describe('a model file that may be replaced', () => {
  it('is taken as it was put there by hand, and must stay like that', async () => {
    const own = noise(500, 7);
    await putByHand(own);
    const known = replaceable(noise(1000));
    const store = await storeOf(known);
    assert.equal(await store.isInstalled('web'), true);
    assert.deepEqual(await pinned(), { bytes: 500, sha256: sha256Of(own) });
    await store.pull('web');
    assert.equal((await stat(weights())).size, 500);
    await writeFile(weights(), noise(500, 8));
    assert.equal(await (await storeOf(known)).isInstalled('web'), false);
    await rm(join(modelsDir, 'web/pins.json'));
    assert.equal(await (await storeOf(known)).isInstalled('web'), true);
  });

  it('must have the hash of the catalogue when it is fetched', async () => {
    server.addFile('weights', noise(1000, 9));
    await assert.rejects(
      (await storeOf(replaceable(noise(1000)))).pull('web'),
      (error) => error instanceof WhosaidError && error.key === 'model_file_wrong',
    );
  });

  it('is not taken when it is an ONNX file that is cut short', async () => {
    const model = join(projectRoot, 'models/bundled/segmentation-3.0/segmentation-3.0.onnx');
    await mkdir(join(modelsDir, 'web'), { recursive: true });
    await copyFile(model, weights('weights.onnx'));
    await truncate(weights('weights.onnx'), 2_000_000);
    const store = await storeOf(replaceable(noise(1000)), 'weights.onnx');
    assert.equal(await store.isInstalled('web'), false);
    const [file] = (await store.verify('web')).files;
    assert.ok(file?.state === 'wrong' && /cut short/.test(file.received), JSON.stringify(file));
    await copyFile(model, weights('weights.onnx'));
    assert.equal(await store.isInstalled('web'), true);
  });
});

function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
