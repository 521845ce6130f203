import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { shortClip } from '../support/clips.js';
import {
  assertError,
  filePart,
  multipart,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { holdUpload } from '../support/slow-upload.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const SLOW_MS = 1000;
const HEADERS_MS = 1000;
const STALLED_MS = 600;

describe('clients that send slowly', { timeout: 60_000 }, () => {
  let server: TestServer;
  let endpoint: string;
  before(async () => {
    server = await startTestServer(
      { MAX_CONCURRENT_REQUESTS: '1', MAX_QUEUED_REQUESTS: '20' },
      { timings: { slowUploadMs: SLOW_MS, stalledUploadMs: STALLED_MS, headersMs: HEADERS_MS } },
    );
    endpoint = `${server.url}/v1/audio/transcriptions`;
  });
  after(() => server.close());
  afterEach(async () => {
    await server.untilClean();
    assert.equal((await requests()).receiving, 0);
    assert.equal((await post()).status, 200);
  });

  const requests = async () => JSON.parse((await rawRequest(`${server.url}/health`)).body).requests;
  const clip = () => multipart([filePart(shortClip()), ...textParts({ model: 'whisper-1' })]);
  const post = () => rawRequest(endpoint, { method: 'POST', ...clip() });
  /** Sends a recording in pieces, so many bytes every 100 ms, as long as nobody has answered. */
  const drip = async (bytes: number): Promise<{ response: RawResponse; tookMs: number }> => {
    const { headers, body } = clip();
    let isAnswered = false;
    const startMs = performance.now();
    const response = await rawRequest(endpoint, {
      method: 'POST',
      headers,
      body: (async function* () {
        for (let at = 0; at < body.length && !isAnswered; at += bytes) {
          yield body.subarray(at, at + bytes);
          await pause(100);
        }
      })(),
    });
    isAnswered = true;
    return { response, tookMs: performance.now() - startMs };
  };
  const assertLate = (response: RawResponse, message: RegExp): void => {
    assertError(response, { status: 408, code: 'request_timeout', message });
    assert.equal(response.headers['x-should-retry'], 'true');
  };

  it('lose their seats when their bodies drip, and hear what is expected', async () => {
    const dripping = Array.from({ length: 20 }, () => drip(2));
    await until(async () => (await requests()).receiving === 20, 'not all are received');
    // All the others are served meanwhile.
    assert.equal((await post()).status, 200);
    for (const { response, tookMs } of await Promise.all(dripping)) {
      assertLate(
        response,
        /\d+ bytes of its body came in 1 s, expected 75 at least\. Send it again/,
      );
      assert.ok(tookMs < 10 * SLOW_MS, `after ${tookMs} ms`);
    }
  });

  it('keep them while a recording comes as it is made', async () => {
    // Opus at 6 kbit/s, with pauses that are nearly half of it; until the windows of several have passed.
    const { headers, body } = clip();
    const response = await rawRequest(endpoint, {
      method: 'POST',
      headers,
      body: (async function* () {
        for (let at = 0; at < 3000; at += 75) {
          yield body.subarray(at, at + 75);
          await pause(at % 750 < 450 ? 100 : 5);
        }
        yield body.subarray(3000);
      })(),
    });
    assert.equal(response.status, 200, response.body);
  });

  it('lose them when nothing comes at all', async () => {
    const held = holdUpload(endpoint, clip());
    assertLate(await held.answer, /nothing of its body came for 1 s/);
    held.leave();
  });

  it('are answered and cut off when their headers drip', async () => {
    const { hostname, port } = new URL(server.url);
    const sockets = Array.from({ length: 20 }, () => connect(Number(port), hostname));
    const answers = sockets.map(async (socket) => {
      let received = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        received += text;
      });
      socket.on('error', () => {});
      const closed = once(socket, 'close');
      socket.write('POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\n');
      const timer = setInterval(() => socket.write('X-A: b\r\n'), 100);
      await closed;
      clearInterval(timer);
      return received;
    });
    assert.equal((await post()).status, 200);
    for (const received of await Promise.all(answers)) {
      assert.match(received, /^HTTP\/1\.1 408 .*"code":"request_timeout"/s);
    }
  });
});
