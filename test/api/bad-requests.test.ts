import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { headerOnlyWebm } from '../support/bad-files.js';
import { shortClip, silence } from '../support/clips.js';
import {
  assertError,
  type ExpectedError,
  filePart,
  multipart,
  type Part,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const invalidFile = { status: 400, code: 'invalid_value', param: 'file' };

describe('bad requests', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());
  // Each of them, whatever it was about, leaves nothing behind; by the time of the answer, not some time later.
  afterEach(async () => assert.deepEqual(await server.leftovers(), []));

  const post = (parts: readonly Part[], path = '/v1/audio/transcriptions') =>
    rawRequest(server.url + path, { method: 'POST', ...multipart(parts) });
  const postClip = (fields: Record<string, string>, path?: string) =>
    post([filePart(shortClip()), ...textParts({ model: 'whisper-1', ...fields })], path);
  const postFile = (content: string | Buffer, name: string) =>
    post([filePart(content, name), ...textParts({ model: 'whisper-1' })]);

  describe('the body', () => {
    for (const path of ['/v1/audio/transcriptions', '/audio/transcriptions/']) {
      it(`is a missing file when a POST to ${path} is empty`, async () => {
        assertError(await rawRequest(server.url + path, { method: 'POST' }), {
          status: 400,
          code: 'missing_required_parameter',
          param: 'file',
          message: /multipart\/form-data/,
        });
      });
    }

    it('is refused as JSON with what is expected', async () => {
      const response = await rawRequest(`${server.url}/v1/audio/transcriptions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from('{"model":"whisper-1"}'),
      });
      assertError(response, {
        status: 400,
        code: 'invalid_content_type',
        message: /multipart\/form-data .* received application\/json/,
      });
    });

    it('is refused when the multipart boundary is missing', async () => {
      const response = await rawRequest(`${server.url}/v1/audio/transcriptions`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data' },
        body: Buffer.from('x'),
      });
      assertError(response, { status: 400, code: 'invalid_multipart', message: /[Bb]oundary/ });
    });

    it('is refused when it ends before its last boundary', async () => {
      const { headers, body } = multipart([filePart(shortClip()), ...textParts({ model: 'x' })]);
      const response = await rawRequest(`${server.url}/v1/audio/transcriptions`, {
        method: 'POST',
        headers,
        body: body.subarray(0, body.length - 100),
      });
      assertError(response, { status: 400, code: 'invalid_multipart' });
    });

    it('is refused when a field is longer than 16 MB', async () => {
      const response = await post([{ name: 'prompt', value: Buffer.alloc(17 * 2 ** 20, 'a') }]);
      assertError(response, { status: 400, code: 'invalid_multipart', message: /16 MB/ });
    });
  });

  describe('fields that break a limit', () => {
    const long = [{ name: 'prompt', value: Buffer.alloc(17 * 2 ** 20, 'a') }];
    const many = Array.from({ length: 202 }, (_, index) => ({ name: `f${index}`, value: 'x' }));
    for (const [what, parts] of [
      ['too long a field', long],
      ['too many fields', many],
    ] as const) {
      it(`are answered without the rest of the body: ${what}`, async () => {
        const { headers, body } = multipart([...parts, filePart('')]);
        const sendSlowly = async function* () {
          yield body.subarray(0, body.length - 10);
          for (let piece = 0; piece < 80; piece++) {
            await pause(100);
            yield Buffer.alloc(100);
          }
        };
        const startMs = performance.now();
        const response = await rawRequest(`${server.url}/v1/audio/transcriptions`, {
          method: 'POST',
          headers,
          body: sendSlowly(),
        });
        assertError(response, { status: 400, code: 'invalid_multipart' });
        assert.ok(performance.now() - startMs < 5000);
      });
    }
  });

  describe('the file', () => {
    it('is missing', async () => {
      assertError(await post(textParts({ model: 'whisper-1' })), {
        status: 400,
        code: 'missing_required_parameter',
        param: 'file',
      });
    });

    it('is missing when it was sent under another name', async () => {
      const parts = [{ ...filePart(shortClip()), name: 'audio' }, ...textParts({ model: 'x' })];
      assertError(await post(parts), {
        status: 400,
        code: 'missing_required_parameter',
        param: 'file',
      });
    });

    it('is empty', async () => {
      assertError(await postFile('', 'a.wav'), { ...invalidFile, message: /0 bytes/ });
    });

    it('is sent twice', async () => {
      const parts = [filePart(shortClip()), filePart(shortClip()), ...textParts({ model: 'x' })];
      assertError(await post(parts), { ...invalidFile, message: /one part/ });
    });

    it('is text with an audio name', async () => {
      const text = 'This is not a recording. '.repeat(200);
      assertError(await postFile(text, 'talk.mp3'), {
        ...invalidFile,
        message: /Invalid file format|corrupted or unsupported/,
      });
    });

    it('is the bare header of a webm recording', async () => {
      assertError(await postFile(headerOnlyWebm, 'a.webm'), invalidFile);
    });

    it('is shorter than a tenth of a second', async () => {
      assertError(await postFile(silence(0.05), 'a.wav'), { ...invalidFile, message: /0\.1/ });
    });
  });

  describe('a field', () => {
    const cases: [string, Record<string, string>, Omit<ExpectedError, 'status'>][] = [
      [
        'response_format that does not exist',
        { response_format: 'xml' },
        {
          code: 'unsupported_value',
          param: 'response_format',
          message: /'xml'.*'json', 'text', 'srt', 'verbose_json', 'vtt', 'diarized_json'/,
        },
      ],
      [
        'granularity that does not exist',
        { 'timestamp_granularities[]': 'sentence', response_format: 'verbose_json' },
        {
          code: 'unsupported_value',
          param: 'timestamp_granularities',
          message: /'sentence'.*'word', 'segment'/,
        },
      ],
      [
        'word granularity without verbose_json',
        { 'timestamp_granularities[]': 'word' },
        {
          code: 'invalid_value',
          param: 'timestamp_granularities',
          message: /response_format=verbose_json/,
        },
      ],
      [
        'word granularity without brackets in srt',
        { timestamp_granularities: 'word', response_format: 'srt' },
        { code: 'invalid_value', param: 'timestamp_granularities', message: /'srt'/ },
      ],
      [
        'temperature above 1',
        { temperature: '1.5' },
        { code: 'invalid_value', param: 'temperature', message: /0 to 1.*1\.5/ },
      ],
      [
        'temperature that is no number',
        { temperature: 'warm' },
        { code: 'invalid_value', param: 'temperature' },
      ],
      [
        'language that does not exist',
        { language: 'klingonese' },
        { code: 'invalid_value', param: 'language', message: /klingonese.*ISO 639-1/ },
      ],
      [
        'language that the model does not know',
        { language: 'de' },
        { code: 'unsupported_value', param: 'language', message: /german.*english/ },
      ],
      [
        'language by name that the model does not know',
        { language: 'French' },
        { code: 'unsupported_value', param: 'language', message: /french/ },
      ],
      [
        'stream that is neither true nor false',
        { stream: 'maybe' },
        { code: 'invalid_value', param: 'stream' },
      ],
      [
        'nested model',
        { 'model[id]': 'whisper-1', model: '' },
        { code: 'invalid_value', param: 'model' },
      ],
      [
        'empty model',
        { model: '' },
        { code: 'missing_required_parameter', param: 'model', message: /whisper-1/ },
      ],
    ];
    for (const [name, fields, expected] of cases) {
      it(`is a ${name}`, async () => {
        assertError(await postClip(fields), { status: 400, ...expected });
      });
    }

    it('is a model that is neither alias nor in the catalogue', async () => {
      assertError(await postClip({ model: 'whisper-9-ultra' }), {
        status: 404,
        code: 'model_not_found',
        param: 'model',
        message: /models pull|models list/,
      });
    });

    it('is missing: the model', async () => {
      assertError(await post([filePart(shortClip())]), {
        status: 400,
        code: 'missing_required_parameter',
        param: 'model',
      });
    });
  });

  describe('the URL', () => {
    it('is unknown: 404 in JSON, naming it without its query', async () => {
      const response = await rawRequest(`${server.url}/v2/audio?key=secret`);
      assertError(response, { status: 404, code: 'route_not_found', message: /GET \/v2\/audio\b/ });
      assert.doesNotMatch(response.body, /secret/);
    });

    it('has the API path twice: 404 that says how a base URL ends', async () => {
      const path = '/v1/audio/transcriptions/audio/transcriptions';
      assertError(await postClip({}, path), {
        status: 404,
        code: 'route_not_found',
        message: /base URL ends in \/v1/,
      });
    });

    for (const [method, path, allow] of [
      ['GET', '/v1/audio/transcriptions', 'POST, OPTIONS'],
      ['DELETE', '/models', 'GET, HEAD, OPTIONS'],
      ['POST', '/health', 'GET, HEAD, OPTIONS'],
      ['PUT', '/', 'GET, HEAD, OPTIONS'],
    ] as const) {
      it(`does not take ${method} on ${path}: 405 with Allow`, async () => {
        const response = await rawRequest(server.url + path, { method });
        assertError(response, { status: 405, code: 'method_not_allowed' });
        assert.equal(response.headers.allow, allow);
      });
    }

    it('answers OPTIONS with what is allowed', async () => {
      const response = await rawRequest(`${server.url}/v1/models`, { method: 'OPTIONS' });
      assert.equal(response.status, 204);
      assert.equal(response.headers.allow, 'GET, HEAD, OPTIONS');
    });

    it('is not UTF-8: 400, not 500', async () => {
      assertError(await rawRequest(`${server.url}/v1/models/%ff`), {
        status: 400,
        code: 'invalid_url',
      });
    });
  });

  it('never get their content into the log', async () => {
    await postClip({ response_format: 'SECRET-format', prompt: 'SECRET prompt' });
    await post([filePart('SECRET', 'SECRET.mp3'), ...textParts({ model: 'SECRET-model' })]);
    await rawRequest(`${server.url}/SECRET?SECRET=1`);
    assert.doesNotMatch(JSON.stringify(server.logs), /SECRET/);
    const line = server.logs.findLast(({ message }) => message === 'Request');
    assert.equal(line?.fields.route, '(none)');
    assert.equal(line?.fields.status, 404);
  });
});
