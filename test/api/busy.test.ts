import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { shortClip } from '../support/clips.js';
import { parseStream, type SentEvent } from '../support/event-stream.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { collectGarbage } from '../support/heap.js';
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
import { holdUpload, uploadSlowly } from '../support/slow-upload.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const IDLE = { receiving: 0, waiting: 0, running: 0 };

const model = textParts({ model: 'whisper-1' });
const urlOf = (server: TestServer) => `${server.url}/v1/audio/transcriptions`;
const clipWith = (fields: Record<string, string> = {}) =>
  multipart([filePart(shortClip()), ...model, ...textParts(fields)]);
const post = (server: TestServer, fields: Record<string, string> = {}) =>
  rawRequest(urlOf(server), { method: 'POST', ...clipWith(fields) });
const requestsAt = async (server: TestServer): Promise<typeof IDLE> => {
  const { long: _, ...requests } = JSON.parse(
    (await rawRequest(`${server.url}/health`)).body,
  ).requests;
  return requests;
};
const untilAt = (server: TestServer, expected: Partial<typeof IDLE>) =>
  until(
    async () => {
      const state = await requestsAt(server);
      return Object.entries({ ...IDLE, ...expected }).every(
        ([name, count]) => state[name as keyof typeof IDLE] === count,
      );
    },
    `the requests are not ${JSON.stringify(expected)}`,
  );

/** Memory while a recording is worked on rises until its first windows are read, then rises and falls with each. */
async function mostInUse(): Promise<number> {
  let most = 0;
  for (let reading = 0; reading < 10; reading++) {
    most = Math.max(most, await collectGarbage());
    await pause(200);
  }
  return most;
}

function assertBusy(response: RawResponse, message: RegExp): void {
  assertError(response, { status: 503, code: 'server_busy', type: 'server_error', message });
  assert.equal(response.headers['x-should-retry'], 'true');
  const seconds = Number(response.headers['retry-after']);
  assert.ok(Number.isInteger(seconds) && seconds >= 1 && seconds < 60, `retry after ${seconds}`);
}

describe('a server that works on one recording', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let endless: Buffer;
  before(async () => {
    folder = await testFolder();
    const path = await makeLongMp3(
      { folder: folder.path, name: 'long.mp3' },
      fixturePcm('two-speakers-clean'),
      1800,
    );
    endless = await readFile(path);
  });
  after(() => folder.remove());

  /** A request that is still being worked on, or waits, until it is left. */
  const startLong = async (
    server: TestServer,
    { fields = {}, ...expected }: Partial<typeof IDLE> & { fields?: Record<string, string> },
  ) => {
    const leaving = new AbortController();
    const { headers, body } = multipart([filePart(endless), ...model, ...textParts(fields)]);
    const answer = fetch(urlOf(server), {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      signal: leaving.signal,
    }).catch(() => undefined);
    await untilAt(server, expected);
    return {
      async leave() {
        leaving.abort();
        await answer;
      },
    };
  };

  describe('while one more may wait for three seconds', () => {
    let server: TestServer;
    before(async () => {
      server = await startTestServer({
        MAX_CONCURRENT_REQUESTS: '1',
        MAX_QUEUED_REQUESTS: '1',
        MAX_QUEUE_SECONDS: '3',
      });
    });
    after(() => server.close());
    afterEach(() => untilAt(server, IDLE));

    it('answers each of ten clients in time: with the text, or with when to come back', async () => {
      const responses = await Promise.all(Array.from({ length: 10 }, () => post(server)));
      const [done, refused] = [200, 503].map((wanted) =>
        responses.filter(({ status }) => status === wanted),
      );
      assert.ok(done && done.length >= 1 && refused && refused.length >= 1);
      assert.equal(done.length + refused.length, 10);
      for (const response of refused) assertBusy(response, /^The server is busy/);
    });

    for (const fields of [{}, { stream: 'true' }]) {
      it(`refuses whoever waited too long, with a status: ${JSON.stringify(fields)}`, async () => {
        const work = await startLong(server, { running: 1 });
        assertBusy(await post(server, fields), /waited 3 s for its turn/);
        await work.leave();
      });
    }

    it('tells whoever waited too long in the stream, where that has begun for its progress', async () => {
      const work = await startLong(server, { running: 1 });
      const { status, body } = await post(server, { stream: 'true', progress: 'true' });
      await work.leave();
      assert.equal(status, 200);
      const { events, isDone } = parseStream(body);
      const [queued, refused] = events as [SentEvent, { error: { code: string; message: string } }];
      const { code, message } = refused.error;
      assert.deepEqual(queued, { type: 'whosaid.queued', position: 1 });
      assert.equal(code, 'server_busy');
      assert.match(message, /waited 3 s for its turn/);
      assert.deepEqual([events.length, isDone], [2, false]);
    });
  });

  describe('while two more may wait for long', () => {
    let server: TestServer;
    before(async () => {
      server = await startTestServer({
        MAX_CONCURRENT_REQUESTS: '1',
        MAX_QUEUED_REQUESTS: '2',
        MAX_QUEUE_SECONDS: '600',
      });
    });
    after(() => server.close());
    afterEach(async () => {
      await untilAt(server, IDLE);
      await server.untilClean();
    });

    it('refuses an upload that finds it full before reading it, and forgets who leaves the queue', async () => {
      const work = await startLong(server, { running: 1 });
      const queued = await startLong(server, { running: 1, waiting: 1 });
      const next = await startLong(server, { running: 1, waiting: 2 });
      const { response, sentBytes } = await uploadSlowly(urlOf(server));
      assertBusy(response, /worked on: 1, waiting: 2, being received: 0/);
      assert.ok(sentBytes < 50_000_000, `${sentBytes} bytes were sent before the answer came`);

      await queued.leave();
      await untilAt(server, { running: 1, waiting: 1 });
      await next.leave();
      await work.leave();
      await untilAt(server, IDLE);
      assert.equal((await post(server)).status, 200);
    });

    it('counts uploads on their way, and has room for them when they have come', async () => {
      const uploads = [1, 2, 3].map(() => holdUpload(urlOf(server), clipWith()));
      await untilAt(server, { receiving: 3 });
      assertBusy(await post(server), /worked on: 0, waiting: 0, being received: 3/);
      const [first, second, third] = uploads;
      first?.leave();
      await untilAt(server, { receiving: 2 });

      const work = await startLong(server, { running: 1, receiving: 2 });
      assertBusy(await post(server), /worked on: 1, waiting: 0, being received: 2/);
      second?.finish();
      third?.finish();
      await untilAt(server, { running: 1, waiting: 2 });
      await work.leave();
      for (const upload of [second, third]) assert.equal((await upload?.answer)?.status, 200);
    });

    it('opens a stream for whoever waits when it is its turn', async () => {
      const work = await startLong(server, { running: 1 });
      const streamed = post(server, { stream: 'true' });
      await untilAt(server, { running: 1, waiting: 1 });
      await work.leave();
      const { status, body } = await streamed;
      assert.equal(status, 200);
      assert.ok(parseStream(body).isDone);
    });

    it('keeps the voices that were sent along on disk while they wait, and not in memory', async () => {
      const work = await startLong(server, { running: 1 });
      const voice = `data:audio/wav;base64,${Buffer.alloc(11_000_000, 1).toString('base64')}`;
      const body = multipart([
        filePart(endless),
        ...model,
        ...textParts({ prompt: 'x'.repeat(5_000_000), unknown: 'x'.repeat(5_000_000) }),
        ...['A', 'B', 'C'].map((value) => ({ name: 'known_speaker_names[]', value })),
        ...[1, 2, 3].map(() => ({ name: 'known_speaker_references[]', value: voice })),
      ]);
      const before = await mostInUse();
      const waiting = [1, 2].map(() => holdUpload(urlOf(server), body));
      for (const upload of waiting) upload.finish();
      await untilAt(server, { running: 1, waiting: 2 });
      const kept = (await collectGarbage()) - before;
      for (const upload of waiting) upload.leave();
      await work.leave();
      // The two prompts, and nothing of a hundred megabytes of voices and unknown fields.
      assert.ok(kept < 20_000_000, `${kept} bytes are kept`);
    });
  });
});

describe('a server that has a limit for each client', () => {
  it('answers whoever has that many requests there with 429, and others as ever', async () => {
    const server = await startTestServer({ API_KEYS: 'one,two', MAX_REQUESTS_PER_CLIENT: '2' });
    const as = (key: string) => {
      const { headers, body } = clipWith();
      return { headers: { ...headers, authorization: `Bearer ${key}` }, body };
    };
    const [one, two] = ['one', 'two'].map(as);
    assert.ok(one && two);
    const uploads = [1, 2].map(() => holdUpload(urlOf(server), one));
    await untilAt(server, { receiving: 2 });
    const refused = await rawRequest(urlOf(server), { method: 'POST', ...one });
    assertError(refused, {
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'rate_limit_error',
      message: /has 2 requests here already/,
    });
    assert.equal(refused.headers['x-should-retry'], 'true');
    assert.ok(Number(refused.headers['retry-after']) >= 1);
    assert.equal((await rawRequest(urlOf(server), { method: 'POST', ...two })).status, 200);

    const [first, second] = uploads;
    first?.finish();
    assert.equal((await first?.answer)?.status, 200);
    assert.equal((await rawRequest(urlOf(server), { method: 'POST', ...one })).status, 200);
    second?.leave();
    await untilAt(server, IDLE);
    await server.close();
  });
});

describe('a client that stops sending', () => {
  it('is told so, and gives its place back', async () => {
    const server = await startTestServer({}, { timings: { stalledUploadMs: 300 } });
    const upload = holdUpload(urlOf(server), clipWith());
    const response = await upload.answer;
    assertError(response, {
      status: 408,
      code: 'request_timeout',
      message: /nothing of its body came/,
    });
    assert.equal(response.headers['x-should-retry'], 'true');
    await untilAt(server, IDLE);
    await server.untilClean();
    upload.leave();
    await server.close();
  });
});
