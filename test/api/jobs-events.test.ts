import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { conversationClip, shortClip, wholeClip } from '../support/clips.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { type JobClient, jobClient } from '../support/job-client.js';
import { listenTo, type SentJobEvent } from '../support/job-events.js';
import { makeLongWav } from '../support/long-files.js';
import { testFolder } from '../support/paths.js';
import { assertError, rawRequest } from '../support/raw-http.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const numbersOf = (events: readonly SentJobEvent[]) => events.map(({ id }) => id);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const statusesIn = (events: readonly SentJobEvent[]) =>
  events.filter(({ name }) => name === 'job.status').map(({ data }) => data.status);

describe('events of a job', () => {
  let server: TestServer;
  let jobs: JobClient;
  before(async () => {
    server = await startTestServer({ JOB_CONCURRENCY: '1' });
    jobs = jobClient(server.url);
  });
  after(() => server.close());

  const eventsUrl = (id: string, query = '') => `${server.url}/v1/audio/jobs/${id}/events${query}`;

  it('tell all of its life to whoever listens from the beginning, and then end', async () => {
    const { id } = await jobs.create(wholeClip());
    const listener = await listenTo(eventsUrl(id));
    assert.equal(listener.status, 200);
    assert.match(String(listener.headers['content-type']), /^text\/event-stream\b/);
    assert.equal(listener.headers['x-accel-buffering'], 'no');
    await listener.ended;
    const events = listener.events();
    assert.deepEqual(numbersOf(events), upTo(events.length));
    for (const { name, data } of events) assert.equal(name, data.type);
    assert.deepEqual(statusesIn(events), ['pending', 'processing', 'completed']);
    const segments = events.filter(({ name }) => name === 'job.segment').map(({ data }) => data);
    const result = await (await jobs.result(id, '?response_format=verbose_json')).json();
    assert.deepEqual(
      segments.map(({ id, start, end, text }) => ({ id, start, end, text })),
      result.segments.map(({ id, start, end, text }: Record<string, unknown>) => ({
        id,
        start,
        end,
        text: String(text).trim(),
      })),
    );
    const reached = events
      .filter(({ name }) => name === 'job.progress')
      .map(({ data }) => Number(data.audio_seconds));
    assert.deepEqual(
      reached,
      reached.toSorted((one, other) => one - other),
    );
    assert.equal(reached.at(-1), result.duration);
  });

  it('say who speaks, where that is asked for', async () => {
    const { id } = await jobs.create(conversationClip(), { diarize: 'true' });
    const listener = await listenTo(eventsUrl(id));
    await listener.ended;
    const speakers = listener
      .events()
      .filter(({ name }) => name === 'job.segment')
      .map(({ data }) => data.speaker);
    assert.deepEqual(new Set(speakers), new Set(['A', 'B']));
  });

  it('go on after the one that was seen last, by header or query, and miss nothing', async () => {
    const { id } = await jobs.create(wholeClip());
    const first = await listenTo(eventsUrl(id));
    await until(() => first.events().length >= 3, 'there are no events');
    first.leave();
    const seen = first.events();
    const last = String(seen.at(-1)?.id);
    const again = await listenTo(eventsUrl(id), { 'last-event-id': last });
    const other = await listenTo(eventsUrl(id, `?after=${last}`));
    const both = await listenTo(eventsUrl(id, '?after=0'), { 'last-event-id': last });
    for (const listener of [again, other, both]) {
      await listener.ended;
      const all = [...seen, ...listener.events()];
      assert.deepEqual(numbersOf(all), upTo(all.length));
      assert.equal(statusesIn(all).at(-1), 'completed');
    }
    const whole = await listenTo(eventsUrl(id));
    await whole.ended;
    assert.deepEqual([...seen, ...again.events()], whole.events());
  });

  it('that are all known are answered with 204, so that browsers stop asking', async () => {
    const { id } = await jobs.create(shortClip());
    await jobs.ended(id);
    const whole = await listenTo(eventsUrl(id));
    await whole.ended;
    const headers = { 'last-event-id': String(whole.events().at(-1)?.id) };
    const { status, body } = await rawRequest(eventsUrl(id), { headers });
    assert.deepEqual([status, body], [204, '']);
  });

  it('tell of a failure and of being cancelled', async () => {
    const broken = await jobs.create(Buffer.from('hello'.repeat(500)));
    const failed = await listenTo(eventsUrl(broken.id));
    await failed.ended;
    const [last] = failed.events().slice(-1);
    assert.equal(last?.data.status, 'failed');
    assert.deepEqual(last?.data.error, (await jobs.get(broken.id)).error);

    const { id } = await jobs.create(wholeClip());
    const listener = await listenTo(eventsUrl(id));
    await jobs.cancel(id);
    await listener.ended;
    assert.equal(statusesIn(listener.events()).at(-1), 'cancelled');
  });

  it('are not waited for by whoever asks for the head of the answer alone', async () => {
    const { id } = await jobs.create(wholeClip());
    const { status, headers, body } = await rawRequest(eventsUrl(id), { method: 'HEAD' });
    assert.deepEqual([status, body], [200, '']);
    assert.match(String(headers['content-type']), /^text\/event-stream\b/);
    assert.equal((await jobs.cancel(id)).status, 200);
  });

  it('end when the job is deleted', async () => {
    const { id } = await jobs.create(wholeClip());
    const listener = await listenTo(eventsUrl(id));
    await jobs.remove(id);
    await listener.ended;
    assert.equal((await rawRequest(eventsUrl(id))).status, 404);
  });

  for (const [what, headers, query, param] of [
    ['a wrong Last-Event-ID', { 'last-event-id': 'abc' }, '', 'Last-Event-ID'],
    ['a wrong `after`', {}, '?after=-1', 'after'],
  ] as const) {
    it(`are refused for ${what}`, async () => {
      const { id } = await jobs.create(shortClip());
      const response = await rawRequest(eventsUrl(id, query), { headers: { ...headers } });
      assertError(response, { status: 400, code: 'invalid_value', param });
    });
  }
});

describe('events of a job whose server stops', () => {
  it('end with an error at once, and go on at the next server without a gap', async () => {
    const data = await testFolder();
    const path = join(data.path, 'long.wav');
    await makeLongWav(path, fixturePcm('two-speakers-clean'), 150);
    const long = await readFile(path);
    const env = { DATA_DIR: data.path, CHUNK_SECONDS: '30', CHUNK_OVERLAP_SECONDS: '3' };
    const before = await startTestServer(env);
    const { id } = await jobClient(before.url).create(long);
    const listener = await listenTo(`${before.url}/v1/audio/jobs/${id}/events`);
    await until(() => listener.events().length >= 5, 'nothing was told');
    await before.close();
    await listener.ended;
    const events = listener.events();
    const last = events.at(-1);
    assert.equal(last?.name, undefined);
    assert.equal((last?.data.error as { code: string } | undefined)?.code, 'server_stopping');
    const seen = events.slice(0, -1);

    const after = await startTestServer(env);
    const headers = { 'last-event-id': String(seen.at(-1)?.id) };
    const rest = await listenTo(`${after.url}/v1/audio/jobs/${id}/events`, headers);
    await rest.ended;
    const all = [...seen, ...rest.events()];
    assert.deepEqual(numbersOf(all), upTo(all.length));
    assert.equal(statusesIn(all).at(-1), 'completed');
    await after.close();
    await data.remove();
  });
});
