import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { shortClip } from '../support/clips.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { makeLongMp3 } from '../support/long-files.js';
import { testFolder } from '../support/paths.js';
import {
  assertError,
  filePart,
  multipart,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const CLIENTS = 50;
const SENTENCE = /We spent less on travel/;

const model = textParts({ model: 'whisper-1' });
const post = (server: TestServer, audio: Buffer) =>
  rawRequest(`${server.url}/v1/audio/transcriptions`, {
    method: 'POST',
    ...multipart([filePart(audio), ...model]),
  });
const requestsAt = async (server: TestServer) =>
  JSON.parse((await rawRequest(`${server.url}/health`)).body).requests;

function assertBusy(response: RawResponse, message: RegExp): void {
  assertError(response, { status: 503, code: 'server_busy', type: 'server_error', message });
  assert.equal(response.headers['x-should-retry'], 'true');
  const seconds = Number(response.headers['retry-after']);
  assert.ok(Number.isInteger(seconds) && seconds >= 1 && seconds <= 600, `retry after ${seconds}`);
}

describe('a server with the usual limits', () => {
  it(`transcribes for ${CLIENTS} clients at once, and works on eight at most`, async () => {
    const server = await startTestServer();
    const clip = shortClip();
    const answers = Array.from({ length: CLIENTS }, () => post(server, clip));
    await until(async () => (await requestsAt(server)).waiting > 0, 'no request had to wait');
    assert.equal((await requestsAt(server)).running, 8);
    for (const response of await Promise.all(answers)) {
      assert.equal(response.status, 200, response.body);
      assert.match(JSON.parse(response.body).text, SENTENCE);
    }
    assert.deepEqual(await requestsAt(server), { running: 0, waiting: 0 });
    await server.close();
  });
});

describe('a server that works on one recording while one more may wait', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let server: TestServer;
  let endless: Buffer;
  before(async () => {
    folder = await testFolder();
    const path = await makeLongMp3(
      { folder: folder.path, name: 'long.mp3' },
      fixturePcm('two-speakers-clean'),
      1800,
    );
    endless = await readFile(path);
    server = await startTestServer({
      MAX_CONCURRENT_REQUESTS: '1',
      MAX_QUEUED_REQUESTS: '1',
      MAX_QUEUE_SECONDS: '3',
    });
  });
  after(async () => {
    await server.close();
    await folder.remove();
  });

  /** A request that is still being worked on, or waits, until it is left. */
  const startLong = async (expected: { running: number; waiting: number }) => {
    const leaving = new AbortController();
    const { headers, body } = multipart([filePart(endless), ...model]);
    const answer = fetch(`${server.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      signal: leaving.signal,
    }).catch(() => undefined);
    const isThere = async () => {
      const { running, waiting } = await requestsAt(server);
      return running === expected.running && waiting === expected.waiting;
    };
    await until(isThere, 'the long request has not come so far');
    return {
      async leave() {
        leaving.abort();
        await answer;
      },
    };
  };
  const untilIdle = () =>
    until(async () => (await requestsAt(server)).running === 0, 'the server is not idle');

  it('answers each of ten clients in time: with the text, or with when to come back', async () => {
    const clip = shortClip();
    const responses = await Promise.all(Array.from({ length: 10 }, () => post(server, clip)));
    const [done, refused] = [200, 503].map((wanted) =>
      responses.filter(({ status }) => status === wanted),
    );
    assert.ok(done && done.length >= 1 && refused && refused.length >= 1);
    assert.equal(done.length + refused.length, 10);
    for (const response of refused) assertBusy(response, /^The server is busy: /);
  });

  it('refuses whoever waited too long', async () => {
    const work = await startLong({ running: 1, waiting: 0 });
    assertBusy(await post(server, shortClip()), /waited 3 s for its turn/);
    await work.leave();
    await untilIdle();
  });

  it('refuses an upload that finds it full before reading it, and forgets who leaves the queue', async () => {
    const work = await startLong({ running: 1, waiting: 0 });
    const queued = await startLong({ running: 1, waiting: 1 });
    const { headers } = multipart([]);
    let sentBytes = 0;
    const response = await rawRequest(`${server.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers,
      body: (async function* () {
        for (; sentBytes < 200_000_000; sentBytes += 100_000) {
          yield Buffer.alloc(100_000);
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      })(),
    });
    assertBusy(response, /1 requests are worked on and 1 are waiting/);
    assert.ok(sentBytes < 50_000_000, `${sentBytes} bytes were sent before the answer came`);

    await queued.leave();
    await until(async () => (await requestsAt(server)).waiting === 0, 'a place is still kept');
    await work.leave();
    await untilIdle();
    assert.equal((await post(server, shortClip())).status, 200);
    await server.untilClean();
  });
});
