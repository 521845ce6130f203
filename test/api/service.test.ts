import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectVersion } from '#config/root.js';
import { fixture } from '../support/paths.js';
import { rawRequest } from '../support/raw-http.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

describe('a server that cannot start', () => {
  it('names a TEMP_DIR that cannot be used instead of failing every upload', async () => {
    const file = fixture('two-speakers-clean');
    await assert.rejects(startTestServer({ TEMP_DIR: join(file, 'below-a-file') }), {
      name: 'SettingsError',
      message: /TEMP_DIR is ".*below-a-file"; expected a folder .*\(ENOTDIR\)/,
    });
  });
});

describe('service', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  const getJson = async (path: string) => {
    const response = await rawRequest(server.url + path);
    assert.equal(response.status, 200, response.body);
    return JSON.parse(response.body);
  };

  it('is healthy and says which model is loaded, its version and since when it runs', async () => {
    const health = await getJson('/health');
    assert.equal(health.status, 'healthy');
    assert.equal(health.model_loaded, true);
    assert.equal(health.model_name, 'moonshine-base-en');
    assert.equal(health.version, projectVersion);
    assert.ok(Number.isInteger(health.uptime_seconds) && health.uptime_seconds >= 0);
    assert.ok(health.engines.length > 0);
    assert.deepEqual(await getJson('/v1/health').then(Object.keys), Object.keys(health));
  });

  it('goes on when a connection could not be accepted', async () => {
    let found: Server | undefined;
    const remember = (message: unknown) => {
      found = (message as { socket: { server: Server } }).socket.server;
    };
    subscribe('net.server.socket', remember);
    await getJson('/health');
    unsubscribe('net.server.socket', remember);
    // As Node reports it.
    found?.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }));
    await getJson('/health');
    const line = server.logs.find(({ level }) => level === 'error');
    assert.equal(line?.message, 'A connection could not be accepted');
  });

  it('says what it is at its root, with and without /v1', async () => {
    for (const path of ['/', '/v1', '/v1/']) {
      const index = await getJson(path);
      assert.equal(index.name, 'whosaid');
      for (const link of Object.values<string>(index.links)) assert.match(link, /^\//);
    }
  });

  it('lists the same models under every spelling of the path', async () => {
    const lists = await Promise.all(
      ['/v1/models', '/models', '/v1/models/', '/models?limit=1'].map(getJson),
    );
    for (const list of lists) assert.deepEqual(list, lists[0]);
    assert.equal(lists[0].object, 'list');
    const ids: string[] = lists[0].data.map(({ id }: { id: string }) => id);
    assert.equal(new Set(ids).size, ids.length);
    // Each id that asks for speakers stands beside the one that does not.
    const asking = ids.filter((id) => id.endsWith('-diarize'));
    assert.ok(asking.includes('gpt-4o-transcribe-diarize'));
    assert.ok(asking.includes('moonshine-base-en-diarize'));
    for (const id of asking) assert.ok(ids.includes(id.slice(0, -'-diarize'.length)), id);
    for (const id of asking) assert.equal((await getJson(`/v1/models/${id}`)).id, id);
  });

  it('finds a model whose id has a slash, escaped or not', async () => {
    for (const path of ['/v1/models/org%2Fname', '/v1/models/org/name', '/models/org/name']) {
      const response = await rawRequest(server.url + path);
      assert.equal(response.status, 404);
      assert.match(JSON.parse(response.body).error.message, /'org\/name'/);
    }
  });

  for (const [path, route] of [
    ['/v1/models/nonesuch', '/v1/models/*id'],
    ['/models/nonesuch', '/models/*id'],
    ['/v1/models', '/v1/models'],
    ['/v1/audio/transcriptions', '/v1/audio/transcriptions'],
    ['/v1/health', '/v1/health'],
    ['/health', '/health'],
    ['/v1', '/v1'],
    ['/v1nonesuch', '(none)'],
  ] as const) {
    it(`logs the route of ${path}, whether it is an error or not`, async () => {
      const from = server.logs.length;
      await rawRequest(server.url + path);
      const line = () => server.logs.slice(from).find(({ message }) => message === 'Request');
      await until(() => line() !== undefined, 'nothing was logged');
      assert.equal(line()?.fields.route, route);
    });
  }

  describe('headers', () => {
    it("have OpenAI's version, the processing time and a request id that browsers may read", async () => {
      const { headers } = await rawRequest(`${server.url}/v1/models`);
      assert.equal(headers['openai-version'], '2020-10-01');
      assert.match(String(headers['openai-processing-ms']), /^\d+$/);
      assert.match(String(headers['x-request-id']), /^req_[0-9a-f]{32}$/);
      assert.equal(headers['access-control-expose-headers'], 'X-Request-ID');
      assert.equal(headers['x-powered-by'], undefined);
      assert.equal(headers['x-content-type-options'], 'nosniff');
    });

    it('give the request id back that the client chose, in the log too', async () => {
      const headers = { 'x-request-id': 'trace-1.2:3' };
      const response = await rawRequest(`${server.url}/v1/models`, { headers });
      assert.equal(response.headers['x-request-id'], 'trace-1.2:3');
      assert.ok(server.logs.some(({ fields }) => fields.requestId === 'trace-1.2:3'));
    });

    for (const id of ['a b', 'x'.repeat(129), 'ünï', '"; drop']) {
      it(`replace a request id that could do harm: ${JSON.stringify(id.slice(0, 12))}`, async () => {
        const response = await rawRequest(`${server.url}/v1/models`, {
          headers: { 'x-request-id': Buffer.from(id).toString('latin1') },
        });
        assert.match(String(response.headers['x-request-id']), /^req_[0-9a-f]{32}$/);
      });
    }
  });
});
