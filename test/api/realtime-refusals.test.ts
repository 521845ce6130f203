import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { shortClip } from '../support/clips.js';
import {
  assertError,
  filePart,
  multipart,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { type ConnectOptions, connectRealtime } from '../support/realtime-client.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const KEY = 'sk-test-0123456789abcdefghij';
const OTHER_KEY = 'sk-other-0123456789abcdefghij';
const PAGE = 'https://app.example';

/** The answer that refuses a WebSocket, before there is one. */
async function refusal(server: TestServer, options: ConnectOptions = {}): Promise<RawResponse> {
  const { path = '/v1/realtime?intent=transcription', headers = {}, protocols = [] } = options;
  const socket = new WebSocket(server.url.replace(/^http/, 'ws') + path, [...protocols], {
    headers: { ...headers },
  });
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  let body = '';
  for await (const piece of response.setEncoding('utf8')) body += piece;
  return { status: response.statusCode, headers: response.headers, body };
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const protocolsWith = (key: string) => ['realtime', `openai-insecure-api-key.${key}`];

describe('a realtime server with keys', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({
      API_KEYS: `${KEY},${OTHER_KEY}`,
      CORS_ORIGINS: PAGE,
      MAX_REALTIME_SESSIONS: '3',
      MAX_REALTIME_SESSIONS_PER_CLIENT: '2',
    });
  });
  after(() => server?.close());
  const open = () => server.logs.filter(({ message }) => message === 'Realtime session ended');

  it('takes them as a bearer token, and among the protocols of a browser, which are not sent back', async () => {
    const one = await connectRealtime(server.url, { headers: bearer(KEY) });
    assert.equal(one.socket.protocol, '');
    const other = await connectRealtime(server.url, {
      protocols: protocolsWith(KEY),
      headers: { origin: PAGE },
    });
    assert.equal(other.socket.protocol, 'realtime');
    await Promise.all([one.close(), other.close()]);
  });

  it('refuses those that are missing or wrong, as for HTTP', async () => {
    assertError(await refusal(server), { status: 401, code: null, message: /API key/ });
    const wrong = { status: 401, code: 'invalid_api_key' };
    assertError(await refusal(server, { headers: bearer('sk-wrong') }), wrong);
    assertError(await refusal(server, { protocols: protocolsWith('sk-wrong') }), wrong);
    assertError(await refusal(server, { protocols: protocolsWith('ek_wrong') }), wrong);
  });

  it('refuses pages of other origins, keys or not', async () => {
    const headers = { origin: 'https://evil.example' };
    const refused = await refusal(server, { headers, protocols: protocolsWith(KEY) });
    assertError(refused, { status: 403, code: 'origin_forbidden', message: /CORS_ORIGINS/ });
  });

  it('has nothing at other paths', async () => {
    const headers = bearer(KEY);
    const missing = { status: 404, code: 'route_not_found' };
    assertError(await refusal(server, { headers, path: '/v1/other' }), missing);
    const model = await refusal(server, { headers, path: '/v1/realtime?model=nothing-like-it' });
    assertError(model, { status: 404, code: 'model_not_found', param: 'model' });
  });

  it('says what a plain request lacks', async () => {
    const plain = await rawRequest(`${server.url}/v1/realtime`, { headers: bearer(KEY) });
    assertError(plain, { status: 426, code: 'upgrade_required', message: /wss:\/\// });
    assert.equal(plain.headers.upgrade, 'websocket');
    const post = await rawRequest(`${server.url}/v1/realtime`, {
      method: 'POST',
      headers: bearer(KEY),
    });
    assertError(post, { status: 405, code: 'method_not_allowed' });
  });

  it('says what is wrong with a handshake', async () => {
    const headers = { ...bearer(KEY), connection: 'Upgrade', upgrade: 'websocket' };
    const refused = await rawRequest(`${server.url}/v1/realtime`, { headers });
    assertError(refused, { status: 400, code: 'invalid_handshake', message: /Sec-WebSocket-Key/ });
  });

  it('opens so many sessions for each client and for all, and more when some have ended', async () => {
    const mine = { headers: bearer(KEY) };
    const theirs = { headers: bearer(OTHER_KEY) };
    const before = open().length;
    const two = await Promise.all([
      connectRealtime(server.url, mine),
      connectRealtime(server.url, mine),
    ]);
    const tooMany = await refusal(server, mine);
    assertError(tooMany, {
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'rate_limit_error',
      message: /MAX_REALTIME_SESSIONS_PER_CLIENT/,
    });
    assert.ok(Number(tooMany.headers['retry-after']) > 0);
    const third = await connectRealtime(server.url, theirs);
    const full = await refusal(server, theirs);
    assertError(full, { status: 503, code: 'server_busy', type: 'server_error' });
    const page = await rawRequest(`${server.url}/metrics`, { headers: bearer(KEY) });
    assert.match(page.body, /^whosaid_realtime_sessions 3$/m);
    await Promise.all([...two, third].map((each) => each.close()));
    await until(() => open().length === before + 3, 'sessions have not ended');
    await (await connectRealtime(server.url, mine)).close();
  });

  it('logs a session as a request that was handed over, without a word of what was said', async () => {
    const client = await connectRealtime(server.url, { headers: bearer(KEY) });
    await client.close();
    const isIt = ({ message, fields }: (typeof server.logs)[number]) =>
      message === 'Request' && fields.route === '/v1/realtime' && fields.status === 101;
    await until(() => server.logs.some(isIt), 'it is not logged');
    const { fields } = server.logs.findLast(isIt) as (typeof server.logs)[number];
    assert.equal(fields.model, 'moonshine-base-en');
    assert.match(String(fields.keyId), /^[0-9a-f]{12}$/);
    assert.equal(fields.aborted, undefined);
  });

  it('answers what asks for another protocol as if it had not', async () => {
    const { headers, body } = multipart([
      ...textParts({ model: 'whisper-1' }),
      filePart(shortClip()),
    ]);
    // As Java's client asks with the first request of each connection.
    const wish = {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
    };
    const response = await rawRequest(`${server.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { ...bearer(KEY), ...headers, ...wish },
      body,
    });
    assert.equal(response.status, 200, response.body);
    assert.match(JSON.parse(response.body).text, /electricity/);
  });

  it('keeps a connection on which several requests ask for another protocol', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connectTcp(Number(port), hostname);
    let answers = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answers += text;
    });
    const request = `GET /health HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`;
    for (let count = 1; count <= 12; count++) {
      socket.write(request);
      await until(() => answers.split('HTTP/1.1 200').length === count + 1, 'no answer came');
    }
    socket.destroy();
  });
});

describe('a realtime server without keys', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ RATE_LIMIT_REQUESTS: '4' });
  });
  after(() => server?.close());

  it('keeps out pages of other origins, and names that it does not know', async () => {
    const foreign = await refusal(server, { headers: { origin: 'https://evil.example' } });
    assertError(foreign, { status: 403, code: 'origin_forbidden' });
    const rebound = await refusal(server, { headers: { host: 'evil.example' } });
    assertError(rebound, { status: 403, code: 'host_forbidden' });
    const own = await connectRealtime(server.url, { headers: { origin: server.url } });
    await own.close();
  });

  it('counts sessions that are opened as requests', async () => {
    for (let count = 0; count < 3; count++) await (await connectRealtime(server.url)).close();
    const limited = await refusal(server);
    assertError(limited, {
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'rate_limit_error',
      message: /4 requests/,
    });
  });
});

describe('a server that allows no realtime sessions', () => {
  it('knows nothing of them', async () => {
    const server = await startTestServer({ MAX_REALTIME_SESSIONS: '0' });
    assertError(await refusal(server), { status: 404, code: 'route_not_found' });
    await server.close();
  });
});
