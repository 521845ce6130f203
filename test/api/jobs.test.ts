import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { renderTranscript, responseFormats } from '#utils/formats/index.js';
import { readTranscriptDocument } from '#utils/transcript/document.js';
import { conversationClip, shortClip, wholeClip } from '../support/clips.js';
import { formOf, type JobClient, jobClient } from '../support/job-client.js';
import { assertError, rawRequest } from '../support/raw-http.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const KEYS = [
  'id object status file_name bytes model vocabulary created_at started_at completed_at progress',
  'audio_seconds duration position speed eta_seconds error batch_id webhook cached expires_at links',
]
  .join(' ')
  .split(' ');

describe('jobs over HTTP', () => {
  let server: TestServer;
  let jobs: JobClient;
  before(async () => {
    server = await startTestServer({ JOB_CONCURRENCY: '1', JOB_RETENTION_HOURS: '2' });
    jobs = jobClient(server.url);
  });
  after(() => server.close());

  const raw = (path: string, method = 'GET') =>
    rawRequest(`${server.url}/v1/audio/jobs${path}`, { method });
  const sync = async (audio: Buffer, fields: Record<string, string | readonly string[]>) => {
    const body = formOf({ file: [audio] }, fields);
    const url = `${server.url}/v1/audio/transcriptions`;
    return fetch(url, { method: 'POST', body }).then((response) => response.text());
  };

  it('are made at once, and tell where and how they are', async () => {
    const response = await jobs.post('', formOf({ file: [shortClip()] }));
    assert.equal(response.status, 202);
    const made = await response.json();
    assert.deepEqual(Object.keys(made), KEYS);
    assert.equal(response.headers.get('location'), `/v1/audio/jobs/${made.id}`);
    assert.match(made.status, /^(pending|processing)$/);
    assert.equal(made.object, 'transcription.job');
    assert.equal(made.file_name, 'talk-0.wav');
    assert.equal(made.bytes, shortClip().length);
    assert.equal(made.completed_at, null);
    assert.equal(made.expires_at, null);

    const ended = await jobs.ended(made.id);
    assert.deepEqual(Object.keys(ended), KEYS);
    assert.equal(ended.status, 'completed');
    assert.equal(ended.progress, 1);
    assert.equal(ended.duration, 4.6);
    assert.equal(ended.audio_seconds, 4.6);
    assert.equal(ended.error, null);
    assert.equal(ended.position, null);
    assert.ok(Number(ended.speed) > 0);
    assert.equal(Number(ended.expires_at) - Number(ended.completed_at) - 2 * 3600 <= 1, true);
  });

  it('have the transcript that a request would have waited for, in every format', async () => {
    const { id } = await jobs.create(conversationClip(), {
      diarize: 'true',
      response_format: 'verbose_json',
      'timestamp_granularities[]': ['word', 'segment'],
    });
    await jobs.ended(id);
    const formats = ['json', 'text', 'srt', 'vtt', 'verbose_json', 'diarized_json'];
    for (const format of formats) {
      const result = await jobs.result(id, `?response_format=${format}`);
      const granularities = format === 'verbose_json' && ['word', 'segment'];
      const expected = await sync(conversationClip(), {
        diarize: 'true',
        response_format: format,
        ...(granularities && { 'timestamp_granularities[]': granularities }),
      });
      assert.equal(await result.text(), expected, format);
    }
    // What the page does.
    const known = await raw(`/${id}/transcript`);
    const { transcript, rendering } = readTranscriptDocument(JSON.parse(known.body));
    for (const format of responseFormats) {
      const { body } = renderTranscript(transcript, { ...rendering, format });
      assert.equal(
        body,
        await (await jobs.result(id, `?response_format=${format}`)).text(),
        format,
      );
    }
    assert.ok(transcript.segments.some(({ words }) => words.some((word) => word.confidence < 1)));
    const asAsked = JSON.parse(await (await jobs.result(id)).text());
    assert.ok(asAsked.words.length > 0 && asAsked.segments[0].speaker === 'A');
    const query = '?response_format=verbose_json&timestamp_granularities[]=segment';
    const other = JSON.parse(await (await jobs.result(id, query)).text());
    assert.equal(other.words, undefined);
  });

  it('know voices that are sent along', async () => {
    const voice = `data:audio/wav;base64,${shortClip().toString('base64')}`;
    const { id } = await jobs.create(conversationClip(), {
      'known_speaker_names[]': ['Maria'],
      'known_speaker_references[]': [voice],
      response_format: 'diarized_json',
    });
    await jobs.ended(id);
    const { segments } = JSON.parse(await (await jobs.result(id)).text());
    assert.equal(segments[0].speaker, 'Maria');
  });

  it('are listed page by page, and only those that are asked for', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.push((await jobs.create(shortClip())).id);
    for (const id of ids) await jobs.ended(id);
    const newest = await jobs.read('?limit=2');
    assert.deepEqual(Object.keys(newest), ['object', 'data', 'first_id', 'last_id', 'has_more']);
    assert.deepEqual(
      newest.data.map(({ id }: { id: string }) => id),
      ids.slice(1).reverse(),
    );
    assert.equal(newest.first_id, ids[2]);
    assert.equal(newest.last_id, ids[1]);
    assert.equal(newest.has_more, true);
    const next = await jobs.read(`?limit=1&after=${newest.last_id}`);
    assert.equal(next.first_id, ids[0]);

    const oldest = await jobs.read('?order=asc&limit=1');
    assert.notEqual(oldest.first_id, ids[2]);
    assert.equal((await jobs.read('?status=failed,cancelled&status=pending')).data.length, 0);
    assert.equal((await jobs.read('?status=completed&limit=100')).has_more, false);
    const { created_at: madeAt } = await jobs.get(ids[2] ?? '');
    const within = `created_after=${madeAt}&created_before=${madeAt}`;
    const found = (await jobs.read(`?${within}`)).data.map(({ id }: { id: string }) => id);
    assert.ok(found.includes(ids[2]));
    assert.equal((await jobs.read(`?created_after=${Number(madeAt) + 3600}`)).data.length, 0);
    const none = { object: 'list', data: [], first_id: null, last_id: null, has_more: false };
    assert.deepEqual(await jobs.read(`?batch=${randomUUID()}`), none);
  });

  const wrongQueries: Record<string, string> = {
    'status=done': 'status',
    'limit=0': 'limit',
    'limit=101': 'limit',
    'order=up': 'order',
    'created_after=yesterday': 'created_after',
    'after=6b1f6f0e-0000-4000-8000-000000000000': 'after',
  };
  for (const [query, param] of Object.entries(wrongQueries)) {
    it(`are not listed for ?${query}`, async () => {
      assertError(await raw(`?${query}`), { status: 400, code: 'invalid_value', param });
    });
  }

  it('that wait say at which place, and give it up when they are cancelled', async () => {
    const first = await jobs.create(wholeClip());
    const second = await jobs.create(shortClip());
    const third = await jobs.create(shortClip());
    const { position } = await jobs.get(third.id);
    assert.ok(position === 2 || position === 1);
    assertError(await raw(`/${third.id}/result`), {
      status: 400,
      code: 'job_not_finished',
      message: /it is pending/,
    });
    const cancelled = await (await jobs.cancel(second.id)).json();
    assert.equal(cancelled.status, 'cancelled');
    assert.ok(cancelled.completed_at !== null);
    assert.equal((await jobs.get(third.id)).position, 1);
    assertError(await raw(`/${second.id}/result`), { status: 400, code: 'job_cancelled' });
    assertError(await raw(`/${second.id}/cancel`, 'POST'), {
      status: 400,
      code: 'job_finished',
      message: /it is cancelled/,
    });
    assert.equal((await jobs.cancel(first.id)).status, 200);
    await jobs.ended(third.id);
  });

  it('are stopped when they are cancelled in mid-work, and leave no recording', async () => {
    const { id } = await jobs.create(wholeClip());
    await until(async () => (await jobs.get(id)).status === 'processing', 'nobody works on it');
    const { status } = await (await jobs.cancel(id)).json();
    assert.equal(status, 'cancelled');
    assert.equal((await jobs.get(id)).status, 'cancelled');
    assert.ok(!(await readdir(join(server.dataDir, 'jobs'))).includes(id));
  });

  it('that are completed cannot be cancelled', async () => {
    const { id } = await jobs.create(shortClip());
    await jobs.ended(id);
    assertError(await raw(`/${id}/cancel`, 'POST'), {
      status: 400,
      code: 'job_finished',
      message: /it is completed/,
    });
    assert.equal((await jobs.get(id)).status, 'completed');
  });

  it('are gone when they are deleted, whatever they were at', async () => {
    const done = await jobs.create(shortClip());
    await jobs.ended(done.id);
    const atWork = await jobs.create(wholeClip());
    for (const { id } of [done, atWork]) {
      const response = await jobs.remove(id);
      assert.deepEqual(await response.json(), { id, object: 'transcription.job', deleted: true });
      for (const path of ['', '/result', '/transcript', '/events']) {
        assertError(await raw(`/${id}${path}`), { status: 404, code: 'job_not_found' });
      }
      assertError(await raw(`/${id}`, 'DELETE'), { status: 404, code: 'job_not_found' });
    }
    assert.deepEqual(await readdir(join(server.dataDir, 'jobs')), []);
  });

  it('that fail have their error as their result, with its own status', async () => {
    const { id } = await jobs.create(Buffer.from('hello'.repeat(500)));
    const { status, error } = await jobs.ended(id);
    assert.equal(status, 'failed');
    const result = await raw(`/${id}/result`);
    assertError(result, { status: 400, code: error?.code ?? '', param: 'file' });
    assert.equal(result.headers['x-should-retry'], 'false');
    assert.equal(JSON.parse(result.body).error.message, error?.message);
  });

  it('say who speaks only where that was found out', async () => {
    const { id } = await jobs.create(shortClip());
    await jobs.ended(id);
    assertError(await raw(`/${id}/result?response_format=diarized_json`), {
      status: 400,
      code: 'unsupported_value',
      param: 'response_format',
      message: /diarize=true/,
    });
    assertError(await raw(`/${id}/result?response_format=pdf`), {
      status: 400,
      code: 'unsupported_value',
      param: 'response_format',
    });
    const words = '?response_format=srt&timestamp_granularities=word';
    assertError(await raw(`/${id}/result${words}`), {
      status: 400,
      code: 'invalid_value',
      param: 'timestamp_granularities',
    });
  });

  it('are unknown under any other id', async () => {
    const expected = { status: 404, code: 'job_not_found' };
    for (const id of [randomUUID(), 'x', '%00', '..%2f..', "'%20OR%201=1"]) {
      for (const path of ['', '/result', '/transcript', '/events'])
        assertError(await raw(`/${id}${path}`), expected);
      assertError(await raw(`/${id}/cancel`, 'POST'), expected);
      assertError(await raw(`/${id}`, 'DELETE'), expected);
    }
    const response = await raw(`/batch/${randomUUID()}`);
    assertError(response, { status: 404, code: 'batch_not_found' });
  });

  it('are there without /v1, and answer 405 to other methods', async () => {
    const { status } = await rawRequest(`${server.url}/audio/jobs?limit=1`);
    assert.equal(status, 200);
    const put = await raw('', 'PUT');
    assert.equal(put.status, 405);
    assert.equal(put.headers.allow, 'GET, POST, HEAD, OPTIONS');
    assert.equal((await raw('/x', 'POST')).headers.allow, 'GET, DELETE, HEAD, OPTIONS');
  });

  it("are usable through the generic calls of OpenAI's SDK", async () => {
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
    const body = formOf({ file: [shortClip()] });
    const job = await client.post<{ id: string }>('/audio/jobs', { body });
    const statuses: string[] = [];
    const events = await client.get<AsyncIterable<{ type: string; status?: string }>>(
      `/audio/jobs/${job.id}/events`,
      { stream: true } as never,
    );
    for await (const { status } of events) if (status !== undefined) statuses.push(status);
    assert.deepEqual(statuses, ['pending', 'processing', 'completed']);
    const { text } = await client.get<{ text: string }>(`/audio/jobs/${job.id}/result`);
    assert.match(text, /electricity/);
    await assert.rejects(client.get(`/audio/jobs/${randomUUID()}`), OpenAI.NotFoundError);
  });

  it('leave nothing of their recordings, and nothing of them in the log', async () => {
    const uploads = await readdir(join(server.dataDir, 'uploads'), { recursive: true });
    assert.deepEqual(
      uploads.filter((path) => /[\\/]/.test(path)),
      [],
    );
    // A recording is removed right after its job is said to have ended.
    const folders = () => readdir(join(server.dataDir, 'jobs'));
    await until(async () => (await folders()).length === 0, 'recordings are left');
    const log = JSON.stringify(server.logs);
    assert.doesNotMatch(log, /talk-0|electricity|Maria/);
    assert.ok((await readFile(join(server.dataDir, 'jobs.sqlite'))).length > 0);
  });
});
