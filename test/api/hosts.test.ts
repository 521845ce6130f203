import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { assertError, rawRequest } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

describe('a server without keys', () => {
  let server: TestServer;
  let port: string;
  before(async () => {
    server = await startTestServer({
      ALLOWED_HOSTS: 'whosaid,box.lan',
      CORS_ORIGINS: 'https://app.example',
    });
    ({ port } = new URL(server.url));
  });
  after(() => server.close());

  const get = (headers: Record<string, string>, path = '/v1/models') =>
    rawRequest(server.url + path, { headers });

  it('answers whoever is no web page, under the names of this machine and those allowed', async () => {
    for (const host of ['localhost', `127.0.0.1:${port}`, '[::1]', 'whosaid:8000', 'box.lan']) {
      assert.equal((await get({ host })).status, 200, host);
    }
  });

  it('answers its own pages', async () => {
    const headers = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
    const response = await get(headers);
    assert.equal(response.status, 200);
    assert.equal(response.headers['access-control-allow-origin'], headers.origin);
  });

  it('refuses a page whose name was made to point here, whatever it asks for', async () => {
    const host = `attacker.example:${port}`;
    for (const path of ['/v1/models', '/health', '/', '/docs']) {
      const response = await get({ host, origin: `http://${host}` }, path);
      assertError(response, {
        status: 403,
        code: 'host_forbidden',
        message: /'attacker\.example:\d+'.*ALLOWED_HOSTS/,
      });
    }
  });

  for (const origin of ['https://attacker.example', 'http://localhost:3000', 'null']) {
    it(`refuses what a page of ${origin} sends, as a form could without a preflight`, async () => {
      const response = await rawRequest(`${server.url}/v1/audio/transcriptions`, {
        method: 'POST',
        headers: { origin, 'content-type': 'multipart/form-data; boundary=x' },
        body: Buffer.from('--x--'),
      });
      assertError(response, { status: 403, code: 'origin_forbidden', message: /CORS_ORIGINS/ });
      assert.equal(response.headers['access-control-allow-origin'], undefined);
    });
  }

  it('answers pages of an origin that is allowed', async () => {
    const response = await get({ origin: 'https://app.example' });
    assert.equal(response.status, 200);
    assert.equal(response.headers['access-control-allow-origin'], 'https://app.example');
  });

  it('does not believe a forwarded name, since no proxy is trusted', async () => {
    const host = 'attacker.example';
    assert.equal((await get({ host, 'x-forwarded-host': 'localhost' })).status, 403);
  });

  it('says nothing about being open, since it is not', () => {
    assert.deepEqual(
      server.logs.filter(({ level }) => level === 'warn'),
      [],
    );
  });
});

describe('a server without keys on every address', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ HOST: '0.0.0.0', TRUST_PROXY: 'loopback' });
  });
  after(() => server.close());

  const get = (headers: Record<string, string>) =>
    rawRequest(`${server.url.replace('localhost', '127.0.0.1')}/v1/models`, { headers });

  it('warns loudly', () => {
    const warning = server.logs.find(({ level }) => level === 'warn');
    assert.match(warning?.message ?? '', /^ANYBODY .* API_KEYS/);
  });

  it("answers to addresses and the machine's name, and refuses other names", async () => {
    for (const host of ['192.168.1.5:8000', 'localhost', hostname()]) {
      assert.equal((await get({ host })).status, 200, host);
    }
    assert.equal((await get({ host: 'attacker.example' })).status, 403);
  });

  it('takes the name that a trusted proxy was addressed by', async () => {
    const headers = { host: '127.0.0.1:8000', 'x-forwarded-host': '10.0.0.7' };
    const own = await get({ ...headers, origin: 'https://10.0.0.7' });
    assert.equal(own.status, 200);
    assert.equal((await get({ ...headers, origin: 'https://attacker.example' })).status, 403);
  });

  it('does not take that name in place of its own, since a page can make it up', async () => {
    const host = 'attacker.example';
    for (const forwarded of ['localhost', '10.0.0.7']) {
      const response = await get({ host, 'x-forwarded-host': forwarded });
      assertError(response, {
        status: 403,
        code: 'host_forbidden',
        message: /'attacker\.example'/,
      });
    }
    const named = await get({ host: '127.0.0.1:8000', 'x-forwarded-host': host });
    assertError(named, { status: 403, code: 'host_forbidden', message: /'attacker\.example'/ });
  });
});
