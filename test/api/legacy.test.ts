import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { shortClip, wholeClip } from '../support/clips.js';
import { testFolder } from '../support/paths.js';
import {
  filePart,
  multipart,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
const NOT_AUDIO = Buffer.from('hello'.repeat(500));

/** `detail` as FastAPI's clients read it, beside OpenAI's error; returns the sentence. */
const assertDetail = ({ status, body }: RawResponse, expected: number): string => {
  assert.equal(status, expected, body);
  const parsed = JSON.parse(body);
  assert.deepEqual(Object.keys(parsed).sort(), ['detail', 'error']);
  assert.equal(parsed.detail, parsed.error.message);
  assert.deepEqual(Object.keys(parsed.error).sort(), ['code', 'message', 'param', 'type']);
  return parsed.detail;
};

describe("the older server's API", () => {
  let data: Awaited<ReturnType<typeof testFolder>>;
  let server: TestServer;
  before(async () => {
    data = await testFolder();
    server = await startTestServer({ DATA_DIR: data.path, JOB_CONCURRENCY: '1' });
  });
  after(async () => {
    await server.close();
    await data.remove();
  });

  const post = (path: string, audio?: Buffer, fields: Record<string, string> = {}) =>
    rawRequest(server.url + path, {
      method: 'POST',
      ...multipart([...(audio ? [filePart(audio, 'audio.mp3')] : []), ...textParts(fields)]),
    });
  const get = (path: string) => rawRequest(server.url + path);
  const start = async (audio: Buffer, fields?: Record<string, string>): Promise<string> => {
    const { status, body } = await post('/transcribe/async', audio, fields);
    assert.equal(status, 200, body);
    return JSON.parse(body).job_id;
  };
  const ended = async (id: string) => {
    let answer = JSON.parse((await get(`/jobs/${id}/status`)).body);
    const isOver = async () => {
      answer = JSON.parse((await get(`/jobs/${id}/status`)).body);
      return answer.completed_at !== null;
    };
    await until(isOver, 'the job has not ended', { seconds: 180 });
    return answer;
  };
  const assertTranscript = (answer: Record<string, unknown>, hasTimes: boolean) => {
    assert.deepEqual(Object.keys(answer), ['text', 'segments', 'filename', 'timestamp']);
    assert.match(String(answer.text), /electricity/);
    assert.equal(answer.filename, 'audio.mp3');
    assert.match(String(answer.timestamp), DATE_TIME);
    const segments = answer.segments as Record<string, unknown>[];
    if (!hasTimes) return assert.deepEqual(segments, []);
    for (const segment of segments) {
      assert.deepEqual(Object.keys(segment), ['start', 'end', 'text']);
      assert.ok(Number(segment.end) > Number(segment.start));
    }
    assert.equal(segments.map(({ text }) => text).join(' '), answer.text);
  };

  it('tells that it is well, and what model it has', async () => {
    const { status, model_loaded, model_name } = JSON.parse((await get('/health')).body);
    assert.deepEqual([status, model_loaded], ['healthy', true]);
    assert.equal(typeof model_name, 'string');
    const { links } = JSON.parse((await get('/')).body);
    assert.equal(links.transcribe, '/transcribe');
  });

  it('transcribes with and without times', async () => {
    for (const [fields, hasTimes] of [
      [{}, true],
      [{ include_timestamps: 'true', language: 'en' }, true],
      [{ include_timestamps: 'false' }, false],
    ] as const) {
      const { status, headers, body } = await post('/transcribe', shortClip(), { ...fields });
      assert.equal(status, 200, body);
      assert.match(String(headers['content-type']), /^application\/json/);
      assertTranscript(JSON.parse(body), hasTimes);
    }
  });

  it('transcribes as a job, whose status has its result', async () => {
    const { status, body } = await post('/transcribe/async', shortClip());
    assert.equal(status, 200, body);
    const { job_id: id, ...started } = JSON.parse(body);
    const message = 'Transcription job started for audio.mp3';
    assert.deepEqual(started, { status: 'pending', message });
    const answer = await ended(id);
    const { result, created_at, completed_at, ...rest } = answer;
    assert.deepEqual(Object.keys(answer), [
      'job_id',
      'status',
      'filename',
      'created_at',
      'completed_at',
      'error',
      'result',
    ]);
    const { job_id, ...fixed } = rest;
    assert.equal(job_id, id);
    assert.deepEqual(fixed, { status: 'completed', filename: 'audio.mp3', error: null });
    assert.match(created_at, DATE_TIME);
    assert.match(completed_at, DATE_TIME);
    assertTranscript(result, true);
    const fetched = await get(`/jobs/${id}/result`);
    assert.equal(fetched.status, 200);
    assert.deepEqual(JSON.parse(fetched.body), result);
  });

  it('remembers that times are not wanted', async () => {
    const id = await start(shortClip(), { include_timestamps: 'false' });
    assertTranscript((await ended(id)).result, false);
  });

  it('says 400 of a result that is not there yet, and cancels once', async () => {
    const id = await start(wholeClip());
    assert.match(assertDetail(await get(`/jobs/${id}/result`), 400), /not completed/);
    const { status, result } = JSON.parse((await get(`/jobs/${id}/status`)).body);
    assert.match(status, /^(pending|processing)$/);
    assert.equal(result, null);
    const cancelled = await rawRequest(`${server.url}/jobs/${id}/cancel`, { method: 'POST' });
    assert.equal(cancelled.status, 200);
    const message = `Job ${id} cancelled`;
    assert.deepEqual(JSON.parse(cancelled.body), { message, status: 'cancelled' });
    const again = await rawRequest(`${server.url}/jobs/${id}/cancel`, { method: 'POST' });
    assert.match(assertDetail(again, 400), /ended already/);
    assert.match(assertDetail(await get(`/jobs/${id}/result`), 400), /cancelled/);
  });

  it('says 500 of a job that failed, with what it failed for', async () => {
    const id = await start(NOT_AUDIO);
    const { status, error, result } = await ended(id);
    assert.deepEqual([status, result], ['failed', null]);
    assert.equal(assertDetail(await get(`/jobs/${id}/result`), 500), error);
    // Where somebody waits for the answer it is the request that is wrong.
    assert.equal(assertDetail(await post('/transcribe', NOT_AUDIO), 400), error);
  });

  it('says 404 of jobs that are not there', async () => {
    const id = randomUUID();
    for (const path of [`/jobs/${id}/status`, `/jobs/${id}/result`, '/jobs/x/result']) {
      assertDetail(await get(path), 404);
    }
    assertDetail(await rawRequest(`${server.url}/jobs/${id}/cancel`, { method: 'POST' }), 404);
  });

  for (const path of ['/transcribe', '/transcribe/async']) {
    it(`never takes another model for one of a family that is not there: ${path}`, async () => {
      for (const [family, model] of [
        ['parakeet', /models pull parakeet-/],
        ['canary', /models pull canary-/],
      ] as const) {
        const detail = assertDetail(await post(path, shortClip(), { model: family }), 404);
        assert.match(detail, model);
        assert.match(detail, /Installed: .*moonshine/);
      }
    });

    it(`refuses what is wrong with a request: ${path}`, async () => {
      assert.match(assertDetail(await post(path), 400), /'file'/);
      assertDetail(await post(path, Buffer.alloc(0)), 400);
      assertDetail(await post(path, shortClip(), { model: 'nothing-like-it' }), 404);
      assertDetail(await post(path, shortClip(), { language: 'klingon' }), 400);
      const wrong = await post(path, shortClip(), { include_timestamps: 'perhaps' });
      assert.match(assertDetail(wrong, 400), /include_timestamps/);
      assertDetail(await get(path), 405);
    });
  }

  it('takes the ids of the other API', async () => {
    const { status, body } = await post('/transcribe', shortClip(), { model: 'whisper-1' });
    assert.equal(status, 200, body);
  });

  it('has jobs that outlive the server', async () => {
    const done = await start(shortClip());
    const { result } = await ended(done);
    const open = await start(wholeClip());
    await server.close();
    server = await startTestServer({ DATA_DIR: data.path, JOB_CONCURRENCY: '1' });
    assert.deepEqual((await ended(done)).result, result);
    assert.equal((await ended(open)).status, 'completed');
  });
});

describe("the older server's API with keys", () => {
  it('has `detail` in what is refused before it is asked, too', async () => {
    const server = await startTestServer({ API_KEYS: 'sk-test-0123456789abcdefghij' });
    for (const path of ['/transcribe', '/transcribe/async', '/jobs/x/cancel']) {
      assertDetail(await rawRequest(server.url + path, { method: 'POST' }), 401);
    }
    await server.close();
  });
});
