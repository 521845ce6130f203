import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Catalogue } from '#services/model-manager/catalogue.js';
import { openapiDocument } from '#src/openapi/document.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { parseStream, postForStream } from '../support/event-stream.js';
import { type ModelServer, startModelServer } from '../support/model-server.js';
import { shapesOf } from '../support/openapi.js';
import { testFolder } from '../support/paths.js';
import { eventually } from '../support/processes.js';
import { type PullServer, startPullServer } from '../support/pull-server.js';
import { assertError, rawRequest } from '../support/raw-http.js';
import { mountSmallDisk, noSmallDisk } from '../support/small-disk.js';
import { startTestServer, type TestServer } from '../support/start-server.js';
import {
  fileEntry,
  modelEntry,
  noise,
  recogniserEntry,
  writeCatalogue,
} from '../support/test-catalogue.js';

const ADMIN = 'sk-admin-0123456789abcdefghij';
const KEY = 'sk-client-0123456789abcdefghi';
const MEGABYTE = 2 ** 20;
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('models that are fetched over HTTP', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let files: ModelServer;
  let server: PullServer;
  let catalogue: Catalogue;
  const check = shapesOf(
    openapiDocument({ version: '', asrWebserviceApi: false, whisperCppApi: false }),
  );
  before(async () => {
    folder = await testFolder();
    files = await startModelServer();
    const model = (id: string, content: Buffer, more: Record<string, unknown> = {}) =>
      modelEntry(
        id,
        [fileEntry(`${id}.onnx`, content, [{ kind: 'https', url: `${files.url}/files/${id}` }])],
        more,
      );
    catalogue = await writeCatalogue(join(folder.path, 'catalogue'), [
      model('detector', noise(1000)),
      model('slow', noise(MEGABYTE, 2)),
      model('shared', noise(3 * MEGABYTE, 3), { requires: ['detector'] }),
      model('limited', noise(2000, 4), { notice: 'Not for commercial use.' }),
      model('wrong', noise(3000, 5)),
      model('large', noise(6 * MEGABYTE, 6)),
      recogniserEntry(['detector']),
    ]);
    files.addFile('detector', noise(1000));
    files.addFile('slow', noise(MEGABYTE, 2), { stalls: true });
    files.addFile('shared', noise(3 * MEGABYTE, 3));
    files.addFile('limited', noise(2000, 4));
    files.addFile('wrong', noise(3000, 55));
    files.addFile('large', noise(6 * MEGABYTE, 6));
    const modelsDir = join(folder.path, 'models');
    server = await startPullServer({ catalogue, modelsDir, adminKeys: [ADMIN] });
  });
  after(async () => {
    await server?.close();
    await files.close();
    await folder.remove();
  });

  const pull = (body: unknown, headers: Record<string, string> = bearer(ADMIN), at = server.url) =>
    rawRequest(`${at}/models/pull`, {
      method: 'POST',
      headers,
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    });
  const askedFor = (name: string) => files.requests.filter((path) => path === `/files/${name}`);

  it('are told of when they are there, with what they require', async () => {
    const { status, body } = await pull({ model: 'shared' });
    assert.equal(status, 200, body);
    const installed = ['detector', 'shared'];
    assert.deepEqual(JSON.parse(body), {
      object: 'model.pull',
      model: 'shared',
      installed,
      notices: [],
    });
    check(JSON.parse(body), 'ModelPull');
    for (const id of installed) assert.ok(await server.store.isInstalled(id), id);
    assert.equal((await pull({ model: 'shared' })).status, 200, 'once more');
    assert.equal(askedFor('shared').length, 1);
  });

  it('are told of on the way where events are asked for', async () => {
    const { body, headers } = await pull(
      { model: 'limited' },
      { ...bearer(ADMIN), accept: 'text/event-stream' },
    );
    assert.match(headers['content-type'] ?? '', /^text\/event-stream/);
    const { events, isDone } = parseStream(body);
    assert.ok(isDone);
    for (const event of events) check(event, 'ModelPullEvent');
    assert.equal(events[0]?.type, 'model.pull.notice');
    assert.match(String(events[0]?.text), /commercial/);
    assert.deepEqual(events.at(-2), {
      type: 'model.pull.progress',
      model: 'limited',
      file: 'limited.onnx',
      received_bytes: 2000,
      total_bytes: 2000,
    });
    assert.equal(events.at(-1)?.type, 'model.pull.done');
  });

  it('are fetched once for all who ask, until the last of them has left', async () => {
    const open = () =>
      postForStream(`${server.url}/models/pull`, {
        headers: { ...bearer(ADMIN), accept: 'text/event-stream' },
        body: Buffer.from('{"model":"slow"}'),
      });
    const [one, other] = [await open(), await open()];
    for (const each of [one, other]) {
      for await (const read of each.reads) if (read.includes('model.pull.progress')) break;
    }
    assert.equal(askedFor('slow').length, 1);
    const partial = async () => (await readdir(join(folder.path, 'models'))).includes('.pull.lock');
    one.leave();
    assert.ok(await partial(), 'the other one still waits');
    other.leave();
    await eventually('the pull has ended', async () => !(await partial()));
    assert.equal(await server.store.isInstalled('slow'), false);
  });

  it('are not kept where they are not what the catalogue says', async () => {
    assertError(await pull({ model: 'wrong' }), {
      status: 500,
      type: 'server_error',
      code: 'model_file_wrong',
      message: /'wrong.onnx' of model 'wrong' is not what the catalogue says/,
    });
    const accept = { ...bearer(ADMIN), accept: 'text/event-stream' };
    const { events, isDone } = parseStream((await pull({ model: 'wrong' }, accept)).body);
    assert.ok(isDone);
    assert.equal(events.at(-1)?.type, 'error');
    check(events.at(-1), 'ModelPullEvent');
    assert.equal(await server.store.isInstalled('wrong'), false);
  });

  it('that do not fit on the disk say so, and leave the server as it was', {
    skip: noSmallDisk,
  }, async (t) => {
    const disk = await mountSmallDisk(3);
    if (!disk) return t.skip('this machine mounts no disks');
    const small = await startPullServer({ catalogue, modelsDir: disk.path, adminKeys: [ADMIN] });
    try {
      assertError(await pull({ model: 'large' }, bearer(ADMIN), small.url), {
        status: 500,
        type: 'server_error',
        code: 'model_storage_failed',
        message: /Could not store model 'large' in .*: .*(space|full|room)/i,
      });
      assert.equal((await pull({ model: 'detector' }, bearer(ADMIN), small.url)).status, 200);
    } finally {
      await small.close();
      await disk.remove();
    }
  });

  it('are refused where the body does not name one of the catalogue', async () => {
    for (const [body, expected] of [
      [
        '',
        { code: 'invalid_json', message: /such as \{"model":"whisper-base"\}, received no body/ },
      ],
      ['{"model":', { code: 'invalid_json', message: /received broken JSON/ }],
      ['[1]', { code: 'invalid_json', message: /JSON that is no object/ }],
      [
        `{"model":"${'x'.repeat(20_000)}"}`,
        { code: 'invalid_json', message: /more than 10000 bytes/ },
      ],
      ['{}', { code: 'invalid_value', param: 'model', message: /received nothing/ }],
      ['{"model":7}', { code: 'invalid_value', param: 'model', message: /received 7/ }],
    ] as const)
      assertError(await pull(body), { status: 400, ...expected });
    assertError(await pull({ model: 'nonesuch' }), {
      status: 404,
      code: 'model_not_found',
      param: 'model',
      message: /The model catalogue has no 'nonesuch'. It has: detector/,
    });
  });

  it('need the key of an administrator', async () => {
    assertError(await pull({ model: 'detector' }, {}), { status: 401, code: null });
    assertError(await pull({ model: 'detector' }, bearer('sk-another')), {
      status: 403,
      code: 'admin_key_needed',
      message: /ADMIN_KEYS/,
    });
    assertError(await rawRequest(`${server.url}/models/pull`), {
      status: 405,
      code: 'method_not_allowed',
    });
  });

  it('end with the server, which says so', async () => {
    const modelsDir = join(folder.path, 'stopping');
    const stopping = await startPullServer({ catalogue, modelsDir, adminKeys: [ADMIN] });
    const answer = pull({ model: 'slow' }, bearer(ADMIN), stopping.url);
    await eventually('it is being fetched', () => askedFor('slow').length > 1);
    stopping.stop(new WhosaidError('server_stopping', { seconds: 5 }));
    assertError(await answer, { status: 503, type: 'server_error', code: 'server_stopping' });
    await stopping.close();
  });
});

describe('a server with ADMIN_KEYS', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ API_KEYS: KEY, ADMIN_KEYS: ADMIN });
  });
  after(() => server.close());

  const post = (headers: Record<string, string>) =>
    rawRequest(`${server.url}/v1/models/pull`, {
      method: 'POST',
      headers,
      body: Buffer.from('{"model":"moonshine-base-en"}'),
    });

  it('takes them for whatever the other keys may, and for fetching models', async () => {
    const models = await rawRequest(`${server.url}/v1/models`, { headers: bearer(ADMIN) });
    assert.equal(models.status, 200);
    const { status, body } = await post(bearer(ADMIN));
    assert.equal(status, 200, body);
    assert.deepEqual(JSON.parse(body).installed, ['silero-vad', 'moonshine-base-en']);
  });

  it('does not take the other keys for that', async () => {
    assertError(await post(bearer(KEY)), { status: 403, code: 'admin_key_needed' });
    assertError(await post({}), { status: 401, code: null });
  });

  it('says what each model can do, and whether it is loaded, beside what OpenAI says', async () => {
    const { body } = await rawRequest(`${server.url}/v1/models`, { headers: bearer(KEY) });
    const { data } = JSON.parse(body);
    for (const id of ['whisper-1', 'moonshine-base-en']) {
      const { whosaid, created, ...rest } = data.find((each: { id: string }) => each.id === id);
      assert.deepEqual(rest, { id, object: 'model', owned_by: 'whosaid' });
      assert.ok(Number.isInteger(created));
      assert.equal(whosaid.model, 'moonshine-base-en');
      assert.deepEqual(whosaid.languages, ['en']);
      assert.equal(whosaid.capabilities.word_times, true);
      assert.equal(whosaid.capabilities.translation, false);
      assert.deepEqual(
        [whosaid.default, whosaid.loaded, whosaid.asks_for_speakers],
        [true, true, false],
      );
    }
    const asking = data.find(({ id }: { id: string }) => id === 'moonshine-base-en-diarize');
    assert.equal(asking.whosaid.asks_for_speakers, true);
  });
});

describe('a server without ADMIN_KEYS', () => {
  it('fetches no models, and names the setting and the command', async () => {
    const server = await startTestServer();
    const response = await rawRequest(`${server.url}/v1/models/pull`, {
      method: 'POST',
      body: Buffer.from('{"model":"whisper-base"}'),
    });
    await server.close();
    assertError(response, {
      status: 403,
      code: 'admin_keys_unset',
      message: /ADMIN_KEYS is not set.*\.\/bin\/whosaid models pull/,
    });
  });
});
