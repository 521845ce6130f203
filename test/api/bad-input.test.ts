import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cutOff, plainText } from '../support/bad-files.js';
import { conversationClip, shortClip, silence } from '../support/clips.js';
import { fixture } from '../support/paths.js';
import {
  assertError,
  type ExpectedError,
  filePart,
  multipart,
  type Part,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const PATH = '/v1/audio/transcriptions';
const KEY = 'key-of-bad-input';
const SPENT_KEY = 'key-that-is-used-up';
const RATE_LIMIT_REQUESTS = 200;
const INVALID_FILE = { status: 400, code: 'invalid_value', param: 'file' };

/**
 * Section 6 of the contract, a row each, and bad input that no other test here sends. What is wrong with single fields is
 * in bad-requests, fields and speaker-requests, with keys in keys, with uploads that break off in uploads.
 */
describe('bad input', () => {
  let server: TestServer;
  let recording: Buffer;
  before(async () => {
    recording = await readFile(fixture('two-speakers-clean'));
    server = await startTestServer({
      API_KEYS: `${KEY},${SPENT_KEY}`,
      RATE_LIMIT_REQUESTS: String(RATE_LIMIT_REQUESTS),
      RATE_LIMIT_WINDOW_SECONDS: '600',
      MAX_UPLOAD_BYTES: '1MB',
      MAX_AUDIO_SECONDS: '30',
      MAX_CONCURRENT_REQUESTS: '1',
      MAX_QUEUE_SECONDS: '0.1',
    });
  });
  after(() => server.close());
  afterEach(async () => {
    await server.untilClean();
    assert.equal((await rawRequest(`${server.url}/health`)).status, 200);
  });

  const authorized = { authorization: `Bearer ${KEY}` };
  const send = (
    parts: readonly Part[],
    { path = PATH, headers = authorized as Record<string, string> } = {},
  ): Promise<RawResponse> => {
    const form = multipart(parts);
    return rawRequest(server.url + path, {
      method: 'POST',
      headers: { ...form.headers, ...headers },
      body: form.body,
    });
  };
  const ask = (fields: Record<string, string> = {}, file = shortClip(), path = PATH) =>
    send([filePart(file), ...textParts({ model: 'whisper-1', ...fields })], { path });
  const askWithKey = (authorization: string | undefined) =>
    send([filePart(shortClip()), ...textParts({ model: 'whisper-1' })], {
      headers: authorization === undefined ? {} : { authorization },
    });
  type Case = readonly [what: string, send: () => Promise<RawResponse>, expected: ExpectedError];
  const table = (cases: readonly Case[]) => {
    for (const [what, act, expected] of cases)
      it(what, async () => assertError(await act(), expected));
  };

  describe('gets what section 6 says:', () => {
    table([
      [
        '400 Invalid file format',
        () => ask({}, plainText),
        {
          ...INVALID_FILE,
          message: /^Invalid file format\. Supported formats: \['flac', .*'webm'\]/,
        },
      ],
      [
        '400 Audio file might be corrupted or unsupported',
        () => ask({}, cutOff(conversationClip(), 0.02)),
        { ...INVALID_FILE, message: /^Audio file might be corrupted or unsupported/ },
      ],
      [
        '400 audio duration is shorter than 0.1',
        () => ask({}, silence(0.05)),
        { ...INVALID_FILE, message: /0\.050 seconds is shorter than .*0\.1 seconds/ },
      ],
      [
        '400 unsupported_value of response_format',
        () => ask({ response_format: 'xml' }),
        { status: 400, code: 'unsupported_value', param: 'response_format', message: /'xml'/ },
      ],
      [
        '401 Incorrect API key provided',
        () => askWithKey('Bearer sk-wrong'),
        { status: 401, code: 'invalid_api_key', message: /^Incorrect API key provided/ },
      ],
      [
        '401 without a key: its code is null',
        () => askWithKey(undefined),
        { status: 401, code: null, message: /didn't provide an API key/ },
      ],
      [
        '403 for a page of an origin that is not allowed',
        () =>
          rawRequest(server.url + PATH, {
            method: 'OPTIONS',
            headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
          }),
        { status: 403, code: 'origin_forbidden', message: /CORS_ORIGINS/ },
      ],
      [
        '404 model_not_found',
        () => ask({ model: 'nobody/nothing' }),
        { status: 404, code: 'model_not_found', param: 'model', message: /nobody\/nothing/ },
      ],
      [
        '413 Maximum content size limit exceeded',
        () => ask({}, Buffer.alloc(1_100_000)),
        {
          status: 413,
          code: 'upload_too_large',
          param: 'file',
          message: /^Maximum content size limit \(1000000\) exceeded \(\d+ bytes read\)/,
        },
      ],
      [
        '413 for a recording that is too long',
        () => ask({}, recording),
        { status: 413, code: 'audio_too_long', param: 'file', message: /30 seconds/ },
      ],
      [
        '429 rate_limit_exceeded',
        async () => {
          const headers = { authorization: `Bearer ${SPENT_KEY}` };
          for (let request = 0; request < RATE_LIMIT_REQUESTS; request += 1)
            await rawRequest(`${server.url}/v1/models`, { headers });
          const answer = await rawRequest(`${server.url}/v1/models`, { headers });
          assert.match(String(answer.headers['retry-after']), /^\d+$/);
          return answer;
        },
        { status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' },
      ],
      [
        '503 while it is busy',
        async () => {
          const answers = await Promise.all([
            ask({}, conversationClip()),
            ask({}, conversationClip()),
          ]);
          const refusal = answers.find(({ status }) => status !== 200);
          assert.ok(refusal, 'both were answered');
          assert.match(String(refusal.headers['retry-after']), /^\d+$/);
          return refusal;
        },
        { status: 503, code: 'server_busy', type: 'server_error', message: /busy/ },
      ],
    ]);
  });

  describe('is refused as a file:', () => {
    const files: Record<string, Buffer | string> = {
      'one byte': 'x',
      'random bytes': randomBytes(50_000),
      zeros: Buffer.alloc(50_000),
      'an archive': Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(5000)]),
      'a compressed recording': gzipSync(shortClip()),
      'a web page': `<!doctype html><title>404</title>${'<p>not found</p>'.repeat(300)}`,
      'an error that was saved as a recording': '{"error":{"message":"not found"}}',
      'a playlist that names a file of the server': '#EXTM3U\n#EXTINF:5,\nfile:///etc/passwd\n',
      'a list of files to join': "ffconcat version 1.0\nfile '/etc/passwd'\n",
      'a session description':
        'v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n',
      'a header and no sound': shortClip().subarray(0, 44),
      'base64 instead of bytes': shortClip().toString('base64').slice(0, 90_000),
      'a data URL instead of bytes': `data:audio/wav;base64,${silence(1).toString('base64')}`,
    };
    table(
      Object.entries(files).map(
        ([what, file]): Case => [
          what,
          () => ask({}, Buffer.from(file)),
          { ...INVALID_FILE, message: /Invalid file format|corrupted or unsupported|shorter than/ },
        ],
      ),
    );
  });

  describe('is refused as a form:', () => {
    const form = () => multipart([filePart(shortClip()), ...textParts({ model: 'whisper-1' })]);
    const broken = (more: Record<string, string>, body: Buffer) =>
      rawRequest(server.url + PATH, {
        method: 'POST',
        headers: { ...form().headers, ...authorized, ...more },
        body,
      });
    const malformed = { status: 400, code: 'invalid_multipart' };
    table([
      [
        'with another boundary than its header says',
        () => broken({ 'content-type': 'multipart/form-data; boundary=other' }, form().body),
        malformed,
      ],
      [
        'compressed',
        () => broken({ 'content-encoding': 'gzip' }, gzipSync(form().body)),
        malformed,
      ],
      [
        'URL-encoded',
        () => broken({ 'content-type': 'application/x-www-form-urlencoded' }, Buffer.from('a=b')),
        { status: 400, code: 'invalid_content_type', message: /x-www-form-urlencoded/ },
      ],
      [
        'as the bare recording',
        () => broken({ 'content-type': 'audio/wav' }, shortClip()),
        { status: 400, code: 'invalid_content_type', message: /audio\/wav/ },
      ],
      [
        'with an empty text as the file',
        () => send(textParts({ file: '', model: 'whisper-1' })),
        { status: 400, code: 'missing_required_parameter', param: 'file' },
      ],
    ]);
  });

  describe('is refused as a URL:', () => {
    const get = (path: string) => rawRequest(server.url + path, { headers: authorized });
    const noModel = { status: 404, code: 'model_not_found', param: 'model' };
    table([
      ['a model that leaves its folder', () => get('/v1/models/..%2f..%2fetc%2fpasswd'), noModel],
      ['a model with a zero byte', () => get('/v1/models/a%00b'), noModel],
      ['a model called __proto__', () => get('/v1/models/__proto__'), noModel],
      ['a model called constructor', () => ask({ model: 'constructor' }), noModel],
      ['a model with a very long name', () => ask({ model: 'x'.repeat(100_000) }), noModel],
      [
        'a path that leaves the API',
        () => get('/v1/../../etc/passwd'),
        { status: 404, code: 'route_not_found' },
      ],
    ]);
  });

  describe('that is no HTTP', () => {
    const { path, crlf } = { path: PATH, crlf: '\r\n' };
    const length = 'content-length: 5';
    for (const [what, lines, status] of [
      ['is refused: a line without method', ['hello'], 400],
      ['is refused: a header without colon', [`POST ${path} HTTP/1.1`, 'host: x', 'broken'], 400],
      [
        'is refused: two lengths that differ',
        [`POST ${path} HTTP/1.1`, 'host: x', length, 'content-length: 6'],
        400,
      ],
      [
        'is refused: a length and chunks at once',
        [`POST ${path} HTTP/1.1`, 'host: x', length, 'transfer-encoding: chunked'],
        400,
      ],
      ['is refused: no host', [`GET ${path} HTTP/1.1`], 400],
      [
        'is refused: headers longer than 16 KB',
        [`GET ${path} HTTP/1.1`, 'host: x', `x-long: ${'x'.repeat(20_000)}`],
        431,
      ],
    ] as const) {
      it(what, async () => {
        const { hostname, port } = new URL(server.url);
        const socket = connect(Number(port), hostname);
        let answer = '';
        socket.setEncoding('utf8').on('data', (text: string) => {
          answer += text;
        });
        socket.on('error', () => {});
        socket.write(`${lines.join(crlf)}${crlf}${crlf}`);
        await once(socket, 'close');
        assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      });
    }
  });
});
