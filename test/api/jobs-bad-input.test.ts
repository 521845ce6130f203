import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { shortClip, wholeClip } from '../support/clips.js';
import { type JobClient, jobClient } from '../support/job-client.js';
import {
  assertError,
  type ExpectedError,
  filePart,
  multipart,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const invalid = (param: string, message?: RegExp): ExpectedError => ({
  status: 400,
  code: 'invalid_value',
  param,
  ...(message && { message }),
});

/** What is refused, with the error that it gets. */
const REFUSED: Record<string, [fields: Record<string, string>, expected: ExpectedError]> = {
  'no model': [{}, { status: 400, code: 'missing_required_parameter', param: 'model' }],
  'an unknown model': [
    { model: 'gpt-9' },
    { status: 404, code: 'model_not_found', param: 'model' },
  ],
  'a model that is not installed': [
    { model: 'whisper-large-v3' },
    { status: 404, code: 'model_not_found', param: 'model' },
  ],
  'an unknown language': [
    { model: 'whisper-1', language: 'klingon' },
    invalid('language', /klingon/),
  ],
  'a language that the model does not know': [
    { model: 'moonshine-base-en', language: 'de' },
    { status: 400, code: 'unsupported_value', param: 'language' },
  ],
  'an unknown format': [
    { model: 'whisper-1', response_format: 'pdf' },
    { status: 400, code: 'unsupported_value', param: 'response_format' },
  ],
  'an unknown task': [{ model: 'whisper-1', task: 'summarise' }, invalid('task', /'translate'/)],
  'a translation by a model that cannot': [
    { model: 'moonshine-base-en', task: 'translate' },
    { status: 400, code: 'unsupported_value', param: 'model' },
  ],
  'contradicting speakers': [
    { model: 'whisper-1', diarize: 'false', num_speakers: '2' },
    invalid('diarize'),
  ],
  'a voice that is no data URL': [
    {
      model: 'whisper-1',
      'known_speaker_names[]': 'Maria',
      'known_speaker_references[]': 'maria.wav',
    },
    invalid('known_speaker_references'),
  ],
  'stream=true, which has its own place': [
    { model: 'whisper-1', stream: 'true' },
    invalid('stream', /\/events/),
  ],
  'progress=true, which has its own place': [
    { model: 'whisper-1', progress: 'true' },
    invalid('progress', /\/events/),
  ],
  'an address to fetch, which is not switched on': [
    { model: 'whisper-1', url: 'https://example.org/a.mp3' },
    { status: 400, code: 'unsupported_value', param: 'url', message: /ENABLE_JOB_URLS/ },
  ],
  ...Object.fromEntries(
    [
      'http://127.0.0.1/hook',
      'http://localhost:9/hook',
      'http://[::1]/hook',
      'http://0x7f.1/hook',
      'http://10.0.0.8/hook',
      'http://169.254.169.254/latest',
      'https://user:secret@example.org/hook',
      'file:///etc/passwd',
      'ftp://example.org/',
      'not an address',
    ].map((address) => [
      `a webhook to ${address}`,
      [{ model: 'whisper-1', webhook_url: address }, invalid('webhook_url')],
    ]),
  ),
};

describe('jobs that cannot be', () => {
  let server: TestServer;
  let jobs: JobClient;
  before(async () => {
    server = await startTestServer({ MAX_UPLOAD_BYTES: '1MB' });
    jobs = jobClient(server.url);
  });
  after(async () => {
    const uploads = await readdir(join(server.dataDir, 'uploads'), { recursive: true });
    assert.deepEqual(
      uploads.filter((path) => /[\\/]/.test(path)),
      [],
    );
    await server.close();
  });

  const post = (path: string, parts: Parameters<typeof multipart>[0]) =>
    rawRequest(`${server.url}/v1/audio/jobs${path}`, { method: 'POST', ...multipart(parts) });

  for (const [what, [fields, expected]] of Object.entries(REFUSED)) {
    it(`are refused for ${what}, single and in a batch, and none is made`, async () => {
      const name = { name: 'file[]' };
      const answers = [
        await post('', [filePart(shortClip()), ...textParts(fields)]),
        await post('/batch', [{ ...filePart(shortClip()), ...name }, ...textParts(fields)]),
      ];
      for (const response of answers) assertError(response, expected);
      assert.equal((await jobs.read('')).data.length, 0);
    });
  }

  it('are refused without a recording', async () => {
    const model = textParts({ model: 'whisper-1' });
    assertError(await post('', model), {
      status: 400,
      code: 'missing_required_parameter',
      param: 'file',
    });
    assertError(await post('/batch', model), {
      status: 400,
      code: 'missing_required_parameter',
      param: 'file[]',
    });
    assertError(await rawRequest(`${server.url}/v1/audio/jobs`, { method: 'POST' }), {
      status: 400,
      code: 'missing_required_parameter',
      param: 'file',
    });
  });

  it('are refused for an empty recording, for two, and for one that is too large', async () => {
    const model = textParts({ model: 'whisper-1' });
    assertError(await post('', [filePart(Buffer.alloc(0)), ...model]), {
      status: 400,
      code: 'invalid_value',
      param: 'file',
    });
    assertError(await post('', [filePart('a'), filePart('b'), ...model]), {
      status: 400,
      code: 'invalid_value',
      param: 'file',
    });
    assertError(await post('', [filePart(Buffer.alloc(1_100_000)), ...model]), {
      status: 413,
      code: 'upload_too_large',
      param: 'file',
    });
  });

  it('are refused for a body that is no form, or half a form', async () => {
    const json = await rawRequest(`${server.url}/v1/audio/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"url":"https://example.org/a.mp3"}'),
    });
    assertError(json, { status: 400, code: 'invalid_content_type' });
    const whole = multipart([filePart(shortClip()), ...textParts({ model: 'whisper-1' })]);
    const cut = { ...whole, body: whole.body.subarray(0, whole.body.length - 60) };
    const half = await rawRequest(`${server.url}/v1/audio/jobs`, { method: 'POST', ...cut });
    assertError(half, { status: 400, code: 'invalid_multipart' });
    assert.equal((await jobs.read('')).data.length, 0);
  });

  it('are refused for an Idempotency-Key that is too long', async () => {
    const body = multipart([filePart(shortClip()), ...textParts({ model: 'whisper-1' })]);
    const response = await rawRequest(`${server.url}/v1/audio/jobs`, {
      method: 'POST',
      body: body.body,
      headers: { ...body.headers, 'idempotency-key': 'k'.repeat(300) },
    });
    assertError(response, invalid('Idempotency-Key', /255/));
  });
});

describe('a server that has all the jobs it may have', () => {
  it('refuses further ones until there is room again, and says when to ask', async () => {
    const server = await startTestServer({ MAX_JOBS: '1', JOB_CONCURRENCY: '1' });
    const jobs = jobClient(server.url);
    const { id } = await jobs.create(wholeClip());
    const url = `${server.url}/v1/audio/jobs`;
    const form = multipart([filePart(shortClip()), ...textParts({ model: 'whisper-1' })]);
    // Not one byte of the body is sent: the refusal comes before it is read.
    const unread = { 'content-length': '50000', expect: '100-continue' };
    const answers = [
      await rawRequest(url, { method: 'POST', ...form }),
      await rawRequest(`${url}/batch`, { method: 'POST', ...form }),
      await rawRequest(url, { method: 'POST', headers: { ...form.headers, ...unread } }),
    ];
    for (const full of answers) {
      assertError(full, { status: 503, code: 'server_busy', type: 'server_error' });
      assert.match(String(full.headers['retry-after']), /^\d+$/);
    }
    await jobs.cancel(id);
    await jobs.ended((await jobs.create(shortClip())).id);
    await server.close();
  });
});
