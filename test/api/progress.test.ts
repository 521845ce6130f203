import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { conversationClip, shortClip } from '../support/clips.js';
import {
  parseStream,
  postForStream,
  type SentEvent,
  type StreamedAnswer,
} from '../support/event-stream.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { makeLongWav } from '../support/long-files.js';
import { testFolder } from '../support/paths.js';
import { assertError, filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const LONG_SECONDS = 300;
const WANTED = { stream: 'true', progress: 'true' };

describe('a stream with progress', () => {
  let server: TestServer;
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let long: Buffer;
  before(async () => {
    folder = await testFolder();
    const path = join(folder.path, 'long.wav');
    await makeLongWav(path, fixturePcm('two-speakers-clean'), LONG_SECONDS);
    long = await readFile(path);
    server = await startTestServer({ MAX_CONCURRENT_REQUESTS: '1' });
  });
  after(async () => {
    await server.close();
    await folder.remove();
  });
  afterEach(() => server.untilClean());

  const url = () => `${server.url}/v1/audio/transcriptions`;
  const bodyOf = (file: Buffer, fields: Record<string, string> = WANTED) =>
    multipart([filePart(file), ...textParts({ model: 'whisper-1', ...fields })]);
  const post = (file: Buffer, fields?: Record<string, string>) =>
    rawRequest(url(), { method: 'POST', ...bodyOf(file, fields) });
  const ofType = (events: readonly SentEvent[], wanted: string) =>
    events.filter(({ type }) => type === wanted);

  /** A stream whose events are there as soon as they have come. */
  const listen = async (file: Buffer) => {
    const answer: StreamedAnswer = await postForStream(url(), bodyOf(file));
    let body = '';
    const reading = (async () => {
      for await (const read of answer.reads) body += read;
    })();
    reading.catch(() => {});
    return {
      status: answer.status,
      leave: answer.leave,
      events() {
        const end = body.lastIndexOf('\n\n');
        return end < 0 ? [] : parseStream(body.slice(0, end + 2)).events;
      },
      ended: reading,
    };
  };

  it('tells how much is worked through as the work goes on, not more often than can be read', async () => {
    const startMs = performance.now();
    const { status, headers, body } = await post(long);
    const tookSeconds = (performance.now() - startMs) / 1000;
    assert.equal(status, 200);
    assert.match(headers['content-type'] ?? '', /^text\/event-stream\b/);
    const { events, isDone } = parseStream(body);
    assert.ok(isDone);
    const told = ofType(events, 'whosaid.progress');
    assert.ok(told.length > 1 && told.length <= 2 * tookSeconds + 1, `${told.length} events`);
    for (const event of told) {
      assert.deepEqual(Object.keys(event), ['type', 'audio_seconds', 'total_seconds']);
      assert.equal(event.total_seconds, LONG_SECONDS);
    }
    const reached = told.map(({ audio_seconds }) => Number(audio_seconds));
    assert.deepEqual(
      reached,
      reached.toSorted((a, b) => a - b),
    );
    assert.ok((reached[0] ?? 0) > 0 && (reached.at(-1) ?? 0) <= LONG_SECONDS);
    // It is told while there is still something to do.
    const first = events.findIndex(({ type }) => type === 'whosaid.progress');
    assert.ok(ofType(events.slice(first), 'transcript.text.delta').length > 10);
  });

  it('has the same events of OpenAI as a stream without', async () => {
    const types = /^transcript\./;
    const [withIt, without] = [
      parseStream((await post(conversationClip())).body).events,
      parseStream((await post(conversationClip(), { stream: 'true' })).body).events,
    ];
    assert.deepEqual(
      withIt.filter(({ type }) => types.test(String(type))),
      without,
    );
    assert.ok(withIt.length > without.length);
  });

  it('begins at once for whoever waits, and tells each change of the position', async () => {
    const work = await listen(long);
    await until(() => work.events().length > 0, 'the work has not begun');
    const [next, last] = [await listen(shortClip()), await listen(shortClip())];
    assert.deepEqual([next.status, last.status], [200, 200]);
    const at = (position: number) => ({ type: 'whosaid.queued', position });
    await until(() => last.events().length > 0, 'nobody was told a position');
    assert.deepEqual([next.events(), last.events()], [[at(1)], [at(2)]]);

    next.leave();
    await until(() => last.events().length > 1, 'the change was not told');
    assert.deepEqual(last.events(), [at(2), at(1)]);
    work.leave();
    await last.ended;
    const types = last.events().map(({ type }) => type);
    assert.deepEqual(new Set(types.slice(2)), new Set(['whosaid.progress', ...ofText]));
    await next.ended.catch(() => {});
  });

  it('has as its last event what goes wrong, however early that is', async () => {
    const { status, body } = await post(Buffer.from('hello'.repeat(500)));
    assert.equal(status, 200);
    const { events, isDone } = parseStream(body);
    assert.equal(isDone, false);
    const [last] = events.slice(-1) as [{ error: { param: string } }];
    assert.equal(last.error.param, 'file');
  });

  for (const [what, fields, expected] of [
    ['an unknown model', { ...WANTED, model: 'x' }, { status: 404, code: 'model_not_found' }],
    ['no stream', { progress: 'true' }, { status: 400, code: 'invalid_value' }],
    ['a wrong value', { ...WANTED, progress: 'much' }, { status: 400, code: 'invalid_value' }],
  ] as const) {
    it(`is refused with a status of its own: ${what}`, async () => {
      const param = expected.status === 404 ? 'model' : 'progress';
      assertError(await post(shortClip(), fields), { ...expected, param });
    });
  }

  it("is no trouble for OpenAI's SDK, whose users see events of ours beside its own", async () => {
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
    const events = await client.audio.transcriptions.create({
      file: await toFile(conversationClip(), 'a.wav'),
      model: 'gpt-4o-transcribe',
      stream: true,
      ...{ progress: true },
    });
    const types = new Set<string>();
    let text = '';
    for await (const event of events) {
      types.add(event.type);
      if (event.type === 'transcript.text.done') text = event.text;
    }
    assert.deepEqual(types, new Set(['whosaid.progress', ...ofText]));
    assert.match(text, /electricity/);
  });
});

const ofText = ['transcript.text.delta', 'transcript.text.done'];
