import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { assertError, type RawResponse } from '../support/raw-http.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

describe('what is no request', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  /** Everything that comes back on a connection until it ends, for what is sent on it: `later` when an answer has come. */
  const exchange = async (sent: string, later?: string): Promise<string> => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
    // A connection that is reset has been answered all the same.
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    socket.write(sent);
    if (later !== undefined) {
      await until(() => /\r\n\r\n.*}$/s.test(received), 'nothing was answered');
      socket.write(later);
    }
    await closed;
    return received;
  };
  const parsed = (text: string): RawResponse => {
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const [line = '', ...rest] = head.split('\r\n');
    const headers = Object.fromEntries(
      rest.map((header) => {
        const colon = header.indexOf(':');
        return [header.slice(0, colon).toLowerCase(), header.slice(colon + 1).trim()];
      }),
    );
    assert.equal(Number(headers['content-length']), body.length);
    return { status: Number(line.split(' ')[1]), headers, body };
  };

  const malformed = { status: 400, code: 'request_malformed' };
  const tooLarge = { status: 431, code: 'request_headers_too_large' };
  const large = 'x'.repeat(20_000);
  for (const [name, sent, expected] of [
    ['nonsense', 'hello\r\n\r\n', { ...malformed, message: /not well-formed HTTP/ }],
    ['an unknown method', 'FETCH / HTTP/1.1\r\nHost: x\r\n\r\n', malformed],
    ['the beginning of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', malformed],
    ['a broken header', 'GET / HTTP/1.1\r\nHost localhost\r\n\r\n', malformed],
    [
      'a length beside chunks',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      malformed,
    ],
    [
      'no Host',
      'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
      { ...malformed, message: /no Host header/ },
    ],
    ['large headers', `GET / HTTP/1.1\r\nHost: localhost\r\nx: ${large}\r\n\r\n`, tooLarge],
    ['a long line', `GET /${large} HTTP/1.1\r\nHost: localhost\r\n\r\n`, tooLarge],
  ] as const) {
    it(`is answered in OpenAI's shape: ${name}`, async () => {
      const response = parsed(await exchange(sent));
      assertError(response, expected);
      assert.equal(response.headers.connection, 'close');
    });
  }

  it('is answered after a request that was answered on the same connection', async () => {
    const text = await exchange('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n', 'hello\r\n\r\n');
    assert.match(text, /^HTTP\/1\.1 200 OK/);
    assert.match(text, /HTTP\/1\.1 400 Bad Request\r\n.*request_malformed[^H]*$/s);
  });

  it('is a body that breaks off into nonsense', async () => {
    const head =
      'POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n';
    assertError(parsed(await exchange(`${head}5\r\n--x\r\n\r\nnonsense\r\n`)), malformed);
    await server.untilClean();
  });

  it('is not a request with an expectation that nobody knows', async () => {
    const head = 'Host: localhost\r\nExpect: a-miracle\r\nConnection: close\r\n\r\n';
    const response = parsed(await exchange(`GET /nowhere HTTP/1.1\r\n${head}`));
    assertError(response, { status: 404, code: 'route_not_found' });
  });

  it('is logged by its kind alone', async () => {
    await exchange('SECRET\r\n\r\n');
    const isLogged = () => server.logs.some(({ message }) => message === 'No request');
    await until(isLogged, 'nothing was logged');
    const line = server.logs.findLast(({ message }) => message === 'No request');
    assert.equal(line?.fields.error, 'request_malformed');
    assert.doesNotMatch(JSON.stringify(server.logs), /SECRET/);
  });
});
