import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertError, rawRequest } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const ORIGIN = 'https://app.example';
const KEY = 'sk-test-0123456789abcdefghij';
/** What the Node SDK sends from a browser. */
const SDK_HEADERS =
  'authorization,content-type,x-stainless-arch,x-stainless-lang,x-stainless-os,x-stainless-package-version,x-stainless-retry-count,x-stainless-runtime,x-stainless-runtime-version,x-stainless-timeout';

describe('web pages of allowed origins', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ API_KEYS: KEY, CORS_ORIGINS: ORIGIN });
  });
  after(() => server.close());

  const send = (method: string, headers: Record<string, string>, path = '/v1/models') =>
    rawRequest(server.url + path, { method, headers });
  const preflight = (origin: string) =>
    send(
      'OPTIONS',
      {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': SDK_HEADERS,
      },
      '/v1/audio/transcriptions',
    );

  it("are let in by a preflight without a key, with all the SDK's headers", async () => {
    const response = await preflight(ORIGIN);
    assert.equal(response.status, 204);
    assert.equal(response.body, '');
    assert.equal(response.headers['access-control-allow-origin'], ORIGIN);
    assert.equal(response.headers['access-control-allow-headers'], SDK_HEADERS);
    assert.match(String(response.headers['access-control-allow-methods']), /POST/);
    assert.equal(response.headers['access-control-max-age'], '600');
    assert.match(String(response.headers.vary), /Origin/);
  });

  it('read answers, errors and the headers that SDKs show', async () => {
    for (const [key, status] of [
      [KEY, 200],
      ['wrong', 401],
    ] as const) {
      const response = await send('GET', { origin: ORIGIN, 'x-api-key': key });
      assert.equal(response.status, status);
      assert.equal(response.headers['access-control-allow-origin'], ORIGIN);
      const exposed = String(response.headers['access-control-expose-headers']).toLowerCase();
      for (const name of ['x-request-id', 'retry-after', 'x-ratelimit-remaining-requests']) {
        assert.ok(exposed.includes(name), `${name} cannot be read`);
      }
    }
  });

  it('are none that are not allowed: their preflight is refused, and no answer can be read', async () => {
    for (const origin of ['https://attacker.example', 'null']) {
      assertError(await preflight(origin), { status: 403, code: 'origin_forbidden' });
      const response = await send('GET', { origin, 'x-api-key': KEY });
      assert.equal(response.headers['access-control-allow-origin'], undefined);
    }
  });

  it("include the server's own pages", async () => {
    const response = await preflight(server.url);
    assert.equal(response.status, 204);
    assert.equal(response.headers['access-control-allow-origin'], server.url);
  });

  it('leave OPTIONS of other clients to the route', async () => {
    const response = await send('OPTIONS', { 'x-api-key': KEY });
    assert.equal(response.status, 204);
    assert.match(String(response.headers.allow), /GET/);
  });
});

describe('web pages of every origin', () => {
  it('are let in when CORS_ORIGINS is *, with a warning while there are no keys', async () => {
    const server = await startTestServer({ CORS_ORIGINS: '*' });
    for (const origin of ['https://any.example', 'null']) {
      const response = await rawRequest(`${server.url}/v1/models`, { headers: { origin } });
      assert.equal(response.status, 200);
      assert.equal(response.headers['access-control-allow-origin'], origin);
    }
    assert.ok(server.logs.some(({ level, message }) => level === 'warn' && /\*/.test(message)));
    await server.close();
  });
});
