import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { createModelStore, type PullProgress } from '#services/model-manager/store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type LogFields, silentLogger } from '#utils/logging/logger.js';
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
const errors: string[] = [];
const logger = {
  ...silentLogger,
  error: (message: string, fields?: LogFields) => {
    errors.push(`${message} ${JSON.stringify(fields)}`);
  },
};

beforeEach(async () => {
  errors.length = 0;
  folder = await testFolder();
  modelsDir = join(folder.path, 'downloaded');
  server = await startModelServer();
});
afterEach(async () => {
  await server.close();
  await folder.remove();
});

type Json = Record<string, unknown>;

/** A store over one model, `web`, of files from `/files/weights` of which this is known; by default of one. */
async function storeOf(known: Json, paths: string | readonly string[] = 'weights.bin') {
  const sources = [{ kind: 'https', url: `${server.url}/files/weights` }];
  const files = [paths].flat().map((path) => ({ path, ...known, sources }));
  const model = modelEntry('web', files, {
    bytes: typeof known.bytes === 'number' ? known.bytes * files.length : undefined,
  });
  const catalogue = await writeCatalogue(folder.path, [model, recogniserEntry(['web'])]);
  return createModelStore({ catalogue, modelsDir, logger });
}

const weights = (name = 'weights.bin') => join(modelsDir, 'web', name);

async function putByHand(content: Buffer): Promise<void> {
  await mkdir(join(modelsDir, 'web'), { recursive: true });
  await writeFile(weights(), content);
}

const pinFile = () => join(modelsDir, 'web/pins.json');
const pins = async () => JSON.parse(await readFile(pinFile(), 'utf8'));
const pinned = async () => (await pins())['weights.bin'];

/** Bytes that this process reads from files while `work` runs. */
async function bytesRead(work: () => Promise<unknown>): Promise<number> {
  const read = async () =>
    Number(/^rchar: (\d+)/.exec(await readFile('/proc/self/io', 'utf8'))?.[1]);
  const before = await read();
  await work();
  return (await read()) - before;
}
const countsReads = { skip: existsSync('/proc/self/io') ? false : 'no /proc/self/io' };

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
    for (const each of [store, await storeOf(known)])
      assert.equal(await each.isInstalled('web'), false);
  });

  it('is taken anew once pins.json is deleted, without a restart', async () => {
    const known = replaceable(noise(1000));
    const store = await storeOf(known);
    for (const seed of [7, 8]) {
      await putByHand(noise(500, seed));
      await rm(pinFile(), { force: true });
      assert.equal(await store.isInstalled('web'), true);
      assert.deepEqual(await pinned(), { bytes: 500, sha256: sha256Of(noise(500, seed)) });
    }
  });

  it('is pinned like all others of its model, which are looked at side by side', async () => {
    const names = Array.from({ length: 16 }, (_, index) => `part-${index}.bin`);
    for (let round = 0; round < 5; round++) {
      await rm(modelsDir, { recursive: true, force: true });
      await mkdir(join(modelsDir, 'web'), { recursive: true });
      for (const name of names) await writeFile(weights(name), noise(500, 7));
      assert.equal(await (await storeOf(replaceable(noise(1)), names)).isInstalled('web'), true);
      assert.deepEqual(Object.keys(await pins()).sort(), [...names].sort());
    }
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

describe('a pins.json that cannot be read', () => {
  const known = replaceable(noise(1000));
  for (const [what, text] of [
    ['is cut short', '{ "weights.bin": { "by'],
    ['holds something else', '{ "weights.bin": 500 }'],
  ] as const) {
    it(`trusts nothing when it ${what}, and says what to do`, async () => {
      await putByHand(noise(500, 7));
      await writeFile(pinFile(), text);
      const store = await storeOf(known);
      for (const work of [() => store.pull('web'), () => store.verify('web')])
        await assert.rejects(
          work(),
          (error) =>
            error instanceof WhosaidError &&
            error.key === 'model_pins_unusable' &&
            /web.pins\.json cannot be used: it is damaged.+ or delete it/.test(error.message),
        );
      errors.length = 0;
      for (let look = 0; look < 3; look++) {
        const [web] = await store.list();
        assert.deepEqual([web?.entry.id, web?.installed], ['web', false]);
      }
      assert.ok(errors.length <= 1, errors.join('\n'));
      assert.equal(await readFile(pinFile(), 'utf8'), text);
      await rm(pinFile());
      assert.equal(await store.isInstalled('web'), true);
    });
  }

  it('is told about in the log once', async () => {
    await putByHand(noise(500, 7));
    await writeFile(pinFile(), 'x');
    const store = await storeOf(known);
    for (let look = 0; look < 3; look++) await store.list();
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? '', /pins\.json/);
  });
});

describe('a wrong model file of the right size', countsReads, () => {
  const size = 8_000_000;
  const content = noise(size);
  const known = { bytes: size, sha256: sha256Of(content) };

  it('is read once, whoever asks and however often, until it changes', async () => {
    await putByHand(noise(size, 2));
    const store = await storeOf(known);
    const read = await bytesRead(async () => {
      const all = await Promise.all([1, 2, 3].map(() => store.isInstalled('web')));
      for (let look = 0; look < 3; look++) all.push(await store.isInstalled('web'));
      assert.deepEqual(all, Array(6).fill(false));
    });
    assert.ok(read < 1.5 * size, `${read} bytes`);
    const [file] = (await store.verify('web')).files;
    assert.equal(file?.state, 'wrong');
    await putByHand(content);
    assert.equal(await store.isInstalled('web'), true);
  });

  it('is read again by verify', async () => {
    await putByHand(noise(size, 2));
    const store = await storeOf(known);
    await store.isInstalled('web');
    assert.ok((await bytesRead(() => store.verify('web'))) >= size);
  });

  it('is not hashed where it is an ONNX file that is cut short', async () => {
    await mkdir(join(modelsDir, 'web'), { recursive: true });
    // A graph of more bytes than are there.
    const head = Buffer.from([0x3a, 0xff, 0xff, 0xff, 0x7f]);
    await writeFile(weights('weights.onnx'), Buffer.concat([head, content]));
    const store = await storeOf(replaceable(noise(1000)), 'weights.onnx');
    const read = await bytesRead(() => store.isInstalled('web'));
    assert.ok(read < size / 4, `${read} bytes`);
  });
});

function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
