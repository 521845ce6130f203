import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { eventually } from '../support/processes.js';
import { assertError, type RawResponse, rawRequest } from '../support/raw-http.js';
import { startRedis, type TestRedis } from '../support/redis-server.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const KEY_A = 'sk-aaaa-0123456789abcdefghij';
const KEY_B = 'sk-bbbb-0123456789abcdefghij';
const WINDOW_SECONDS = 600;

const get = (server: TestServer, headers: Record<string, string> = {}, path = '/v1/models') =>
  rawRequest(server.url + path, { headers });
const remaining = ({ headers }: RawResponse) => Number(headers['x-ratelimit-remaining-requests']);

function assertLimited(response: RawResponse, limit: number): void {
  assertError(response, {
    status: 429,
    code: 'rate_limit_exceeded',
    type: 'rate_limit_error',
    message: new RegExp(`${limit} requests in 10m0s`),
  });
  assert.equal(remaining(response), 0);
  assert.equal(response.headers['x-should-retry'], 'true');
  const seconds = Number(response.headers['retry-after']);
  assert.ok(seconds > WINDOW_SECONDS - 60 && seconds <= WINDOW_SECONDS, `retry after ${seconds}`);
}

describe('requests of keys', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({
      API_KEYS: `${KEY_A},${KEY_B}`,
      RATE_LIMIT_REQUESTS: '3',
      RATE_LIMIT_WINDOW_SECONDS: String(WINDOW_SECONDS),
      TRUST_PROXY: '1',
    });
  });
  after(() => server.close());

  it("are counted for each key and told in OpenAI's headers, and refused above the limit", async () => {
    for (const left of [2, 1, 0]) {
      const response = await get(server, { authorization: `Bearer ${KEY_A}` });
      assert.equal(response.status, 200);
      assert.equal(response.headers['x-ratelimit-limit-requests'], '3');
      assert.equal(remaining(response), left);
      assert.match(String(response.headers['x-ratelimit-reset-requests']), /^(10m0|9m\d+)s$/);
    }
    assertLimited(await get(server, { 'x-api-key': KEY_A }), 3);
    const client = new OpenAI({ apiKey: KEY_A, baseURL: `${server.url}/v1`, maxRetries: 0 });
    await assert.rejects(client.models.list().then(), OpenAI.RateLimitError);
    assert.equal(remaining(await get(server, { 'x-api-key': KEY_B })), 2);
  });

  it('are not counted for pages that need no key', async () => {
    for (const path of ['/health', '/ready', '/']) {
      const response = await get(server, {}, path);
      assert.equal(response.status, 200);
      assert.equal(response.headers['x-ratelimit-limit-requests'], undefined);
    }
  });

  it('are counted for their address where the key is wrong or missing, at no cost to good keys', async () => {
    const from = (address: string, key?: string) =>
      get(server, { 'x-forwarded-for': address, ...(key !== undefined && { 'x-api-key': key }) });
    for (const [left, key] of [[2, 'sk-wrong'], [1], [0, 'sk-another']] as [number, string?][]) {
      const response = await from('203.0.113.7', key);
      assert.equal(response.status, 401);
      assert.equal(remaining(response), left);
    }
    assertLimited(await from('203.0.113.7', 'sk-wrong'), 3);
    assertLimited(await from('203.0.113.7'), 3);
    assert.equal((await from('203.0.113.7', KEY_B)).status, 200);
    assert.equal((await from('203.0.113.8')).status, 401);
  });
});

describe('requests of addresses', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({
      RATE_LIMIT_REQUESTS: '2',
      RATE_LIMIT_WINDOW_SECONDS: String(WINDOW_SECONDS),
      TRUST_PROXY: '1',
    });
  });
  after(() => server.close());

  const from = (address: string) => get(server, { 'x-forwarded-for': address });

  it('are counted for each, as a trusted proxy tells them', async () => {
    assert.equal(remaining(await from('203.0.113.1')), 1);
    assert.equal(remaining(await from('203.0.113.1')), 0);
    assertLimited(await from('203.0.113.1'), 2);
    assert.equal(remaining(await from('203.0.113.2')), 1);
    // Only the last hop is believed: what stands before it may be made up.
    assertLimited(await from('198.51.100.9, 203.0.113.1'), 2);
  });

  it('are counted together for a network of IPv6, which one client has whole', async () => {
    assert.equal(remaining(await from('2001:db8:1:2::1')), 1);
    assert.equal(remaining(await from('2001:db8:1:2::2')), 0);
  });
});

describe('requests to a server that trusts no proxy', () => {
  it('are counted for the address they come from, and afresh after the window', async () => {
    const server = await startTestServer({
      RATE_LIMIT_REQUESTS: '1',
      RATE_LIMIT_WINDOW_SECONDS: '3',
    });
    const status = async (address: string) =>
      (await get(server, { 'x-forwarded-for': address })).status;
    // At once, so that both come in the same window.
    const both = await Promise.all([status('203.0.113.1'), status('203.0.113.2')]);
    assert.deepEqual(both.toSorted(), [200, 429]);
    const isAfresh = async () => (await status('203.0.113.3')) === 200;
    await eventually('the window has ended', isAfresh, 30_000);
    await server.close();
  });

  it('are not limited and have no such headers by default', async () => {
    const server = await startTestServer();
    assert.equal((await get(server)).headers['x-ratelimit-limit-requests'], undefined);
    await server.close();
  });
});

describe('requests to gateways that share a Redis', async () => {
  const redis: TestRedis | undefined = await startRedis();
  after(() => redis?.close());
  const skip =
    redis === undefined && 'redis-server is not installed (apt-get install redis-server)';
  const gateway = (url = redis?.url ?? '') =>
    startTestServer(
      {
        API_KEYS: KEY_A,
        RATE_LIMIT_REQUESTS: '5',
        RATE_LIMIT_WINDOW_SECONDS: String(WINDOW_SECONDS),
        QUEUE_URL: url,
      },
      // A Redis that is there is waited for, however busy the machine is.
      { timings: { redisCommandMs: 30_000 } },
    );
  const ask = (server: TestServer) => get(server, { 'x-api-key': KEY_A });
  const lines = ({ logs }: TestServer) =>
    logs.filter(({ message }) => message.includes('Redis')).map(({ level }) => level);

  it('are counted together; while it is down, each counts for itself and says so once', {
    skip,
  }, async () => {
    const [one, other] = await Promise.all([gateway(), gateway()]);
    assert.deepEqual([await ask(one), await ask(other), await ask(one)].map(remaining), [4, 3, 2]);
    await redis?.stop();
    for (const left of [4, 3, 2]) assert.equal(remaining(await ask(one)), left);
    assert.equal(remaining(await ask(other)), 4);
    assert.deepEqual(lines(one), ['warn']);

    await redis?.start();
    const isBack = async () => {
      await ask(one);
      return lines(one).length === 2;
    };
    await eventually('the gateway is back at Redis', isBack, 30_000);
    assert.deepEqual(lines(one), ['warn', 'info']);
    assert.equal((await ask(other)).status, 200);
    await Promise.all([one.close(), other.close()]);
  });

  it('are answered when the server starts without it, which is no reason not to start', async () => {
    const server = await gateway('redis://127.0.0.1:1');
    assert.equal(remaining(await ask(server)), 4);
    for (const left of [3, 2, 1, 0]) assert.equal(remaining(await ask(server)), left);
    assertLimited(await ask(server), 5);
    assert.deepEqual(lines(server), ['warn']);
    await server.close();
  });
});
