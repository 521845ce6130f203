import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { cutOff, headerOnlyWebm, scrambled } from '../support/bad-files.js';
import { conversationClip, shortClip } from '../support/clips.js';
import { parseStream } from '../support/event-stream.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { makeContainer } from '../support/make-containers.js';
import { fixture, testFolder } from '../support/paths.js';
import {
  assertError,
  filePart,
  multipart,
  type Part,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { connectRealtime } from '../support/realtime-client.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const SENTENCE = /We spent less on travel/;
const PATH = '/v1/audio/transcriptions';
const KEY = 'key-of-pitfalls';
const MEGABYTE = 2 ** 20;

/**
 * Section 9 of the contract (what breaks compatible servers in practice), a row each, with the row's own words: raw HTTP
 * against running servers. `open` is a server as it is started; `strict` has a key, refuses speakers, lets one web page
 * in, and works on one recording at a time, for which another may wait a tenth of a second.
 */
describe('pitfalls of compatible servers', () => {
  let open: TestServer;
  let strict: TestServer;
  before(async () => {
    open = await startTestServer({
      ENABLE_ASR_WEBSERVICE_API: 'true',
      ENABLE_WHISPER_CPP_API: 'true',
    });
    strict = await startTestServer({
      API_KEYS: KEY,
      CORS_ORIGINS: 'https://app.example',
      ENABLE_SPEAKER_DIARIZATION: 'never',
      MAX_CONCURRENT_REQUESTS: '1',
      MAX_QUEUE_SECONDS: '0.1',
    });
  });
  after(async () => {
    await open.close();
    await strict.close();
  });

  const post = (parts: readonly Part[], path = PATH) =>
    rawRequest(open.url + path, { method: 'POST', ...multipart(parts) });
  const ask = (fields: Record<string, string> = {}, file = shortClip(), path = PATH) =>
    post([filePart(file), ...textParts({ model: 'whisper-1', ...fields })], path);
  const askStrict = (fields: Record<string, string> = {}, file = shortClip()) => {
    const { headers, body } = multipart([
      filePart(file),
      ...textParts({ model: 'whisper-1', ...fields }),
    ]);
    return rawRequest(strict.url + PATH, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${KEY}` },
      body,
    });
  };
  const askJson = async (fields: Record<string, string> = {}, file = shortClip()) =>
    parsed(await ask(fields, file));

  const rows: Record<string, () => Promise<void>> = {
    'text returned as JSON': async () => {
      for (const format of ['text', 'srt', 'vtt']) {
        const { headers, body } = multipart([
          filePart(shortClip()),
          ...textParts({ model: 'whisper-1', response_format: format }),
        ]);
        const answer = await rawRequest(open.url + PATH, {
          method: 'POST',
          // As OpenAI's clients send it, whatever they ask for.
          headers: { ...headers, accept: 'application/json' },
          body,
        });
        assert.equal(answer.status, 200);
        assert.match(String(answer.headers['content-type']), /^text\/plain; charset=utf-8$/i);
        assert.throws(() => JSON.parse(answer.body));
        assert.match(answer.body, SENTENCE);
      }
    },
    'stream in chat-chunk shape': async () => {
      const answer = await ask({ stream: 'true' });
      assert.match(String(answer.headers['content-type']), /^text\/event-stream/);
      const { events, isDone } = parseStream(answer.body);
      assert.ok(isDone);
      for (const event of events) {
        assert.match(String(event.type), /^transcript\.text\.(delta|done)$/);
        assert.ok(!('choices' in event) && !('object' in event));
      }
      assert.equal(events.filter(({ type }) => type === 'transcript.text.done').length, 1);
    },
    'duration as string; null segment fields': async () => {
      const answer = await askJson({ response_format: 'verbose_json' });
      assert.equal(typeof answer.duration, 'number');
      assert.doesNotMatch(JSON.stringify(answer), /null/);
    },
    'missing task/language/duration/segment fields': async () => {
      const answer = await askJson({ response_format: 'verbose_json' });
      const names = ['task', 'language', 'duration', 'text', 'segments', 'usage'];
      assert.deepEqual(Object.keys(answer), names);
      const segmentNames =
        'id seek start end text tokens temperature avg_logprob compression_ratio no_speech_prob';
      for (const segment of answer.segments)
        assert.deepEqual(Object.keys(segment).sort(), segmentNames.split(' ').sort());
    },
    '500 when granularities omitted': async () => {
      for (const fields of [{}, { 'timestamp_granularities[]': '' }]) {
        const answer = await askJson({ response_format: 'verbose_json', ...fields });
        assert.ok(answer.segments.length > 0);
        assert.equal(answer.words, undefined);
      }
    },
    'diarized_json → 422': async () => {
      const answer = await askJson({ response_format: 'diarized_json' }, conversationClip());
      assert.ok(answer.segments.length > 1);
    },
    'speaker labels silently dropped': async () => {
      for (const fields of [
        { response_format: 'diarized_json' },
        { model: 'gpt-4o-transcribe-diarize' },
        { diarize: 'true' },
      ]) {
        assertError(await askStrict(fields), {
          status: 400,
          code: 'unsupported_value',
          param: Object.keys(fields)[0] as string,
          message: /no speaker labels/,
        });
      }
    },
    '`whisper-1` unknown': async () => {
      for (const id of [
        'whisper-1',
        'gpt-transcribe',
        'gpt-4o-transcribe',
        'gpt-4o-mini-transcribe',
        'gpt-4o-mini-transcribe-2025-12-15',
        'gpt-4o-transcribe-diarize',
      ]) {
        assert.match((await askJson({ model: id })).text, SENTENCE);
        assert.equal((await rawRequest(`${open.url}/v1/models/${id}`)).status, 200);
      }
    },
    '`language=""` crashes; "english" rejected': async () => {
      for (const language of ['', 'auto', 'en', 'english', 'English'])
        assert.match((await askJson({ language })).text, SENTENCE);
    },
    'no filename or content type; wrong extension': async () => {
      const model = textParts({ model: 'whisper-1' });
      const bare = { name: 'file', value: shortClip() };
      for (const file of [
        bare,
        { ...bare, disposition: '; filename=""' },
        { ...bare, contentType: 'application/octet-stream' },
        { ...bare, disposition: '; filename="a.pdf"', contentType: 'application/pdf' },
      ])
        assert.match(parsed(await post([file, ...model])).text, SENTENCE);
    },
    'Chrome webm/opus: no duration, unknown size': async () => {
      const webm = await inContainer('webm without duration');
      const answer = await askJson({ response_format: 'verbose_json' }, webm);
      assert.match(answer.text, SENTENCE);
      assert.ok(Math.abs(answer.duration - 4.6) < 0.1, `${answer.duration}`);
      assert.deepEqual(answer.usage, { type: 'duration', seconds: 5 });
    },
    'header-only 110-byte webm': async () => {
      const expected = { status: 400, code: 'invalid_value', param: 'file' };
      assertError(await ask({}, headerOnlyWebm), expected);
    },
    'corrupt file "succeeds" with near-empty text': async () => {
      const flac = await readFile(fixture('two-speakers-clean'));
      for (const file of [scrambled(flac, 0.05, 1), cutOff(flac, 0.02)]) {
        assertError(await ask({}, file), {
          status: 400,
          code: 'invalid_value',
          param: 'file',
          message: /corrupted or unsupported/,
        });
      }
    },
    'no /v1/models; empty POST 404': async () => {
      const { object, data } = parsed(await rawRequest(`${open.url}/v1/models`));
      assert.equal(object, 'list');
      assert.ok(data.length > 0);
      assertError(await rawRequest(open.url + PATH, { method: 'POST' }), {
        status: 400,
        code: 'missing_required_parameter',
        param: 'file',
      });
    },
    'upload read unbounded into memory': async () => {
      const piece = Buffer.alloc(MEGABYTE, 'not audio ');
      const { headers, body } = multipart([filePart(''), ...textParts({ model: 'whisper-1' })]);
      const at = body.indexOf('\r\n\r\n') + 4;
      const before = process.memoryUsage().rss;
      let peak = before;
      const answer = await rawRequest(open.url + PATH, {
        method: 'POST',
        headers,
        body: (async function* () {
          yield body.subarray(0, at);
          for (let count = 0; count < 400; count += 1) {
            peak = Math.max(peak, process.memoryUsage().rss);
            yield piece;
          }
          yield body.subarray(at);
        })(),
      });
      assertError(answer, { status: 400, code: 'invalid_value', param: 'file' });
      const grownMegabytes = (peak - before) / MEGABYTE;
      // Client and server are this process; 400 MB were sent.
      assert.ok(grownMegabytes < 150, `${grownMegabytes} MB`);
    },
    'CORS: Authorization and x-stainless-*': async () => {
      const wanted = 'authorization,content-type,x-stainless-os,x-stainless-retry-count';
      const answer = await rawRequest(strict.url + PATH, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://app.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': wanted,
        },
      });
      // Browsers send no key with a preflight.
      assert.equal(answer.status, 204, answer.body);
      assert.equal(answer.headers['access-control-allow-origin'], 'https://app.example');
      const allowed = String(answer.headers['access-control-allow-headers']).toLowerCase();
      for (const name of wanted.split(',')) assert.ok(allowed.includes(name), allowed);
    },
    'timeouts 300 s undici, 600 s SDK, Cloudflare 100 s': async () => {
      // Signs of life are tested with a short interval in test/unit/middleware and by the SDKs in test/clients.
      const server = await httpServerOf(open);
      const day = 24 * 3_600_000;
      assert.ok(server.requestTimeout === 0 || server.requestTimeout >= day);
      assert.ok(server.keepAliveTimeout > 60_000);
      assert.equal(server.timeout, 0);
    },
    'silent 200 with empty text on a server timeout': async () => {
      const [first, second] = await Promise.all([
        askStrict({}, conversationClip()),
        askStrict({}, conversationClip()),
      ]);
      const [answer, refusal] = first.status === 200 ? [first, second] : [second, first];
      assert.match(parsed(answer).text, SENTENCE);
      assertError(refusal, { status: 503, code: 'server_busy', type: 'server_error' });
      assert.match(String(refusal.headers['retry-after']), /^\d+$/);
    },
    'base_url given with full path, or without /v1': async () => {
      assert.match(parsed(await ask({}, shortClip(), '/audio/transcriptions')).text, SENTENCE);
      assertError(await ask({}, shortClip(), `${PATH}/audio/transcriptions`), {
        status: 404,
        code: 'route_not_found',
        message: /base URL ends in \/v1/,
      });
    },
    'usage/duration absent breaks cost tracking': async () => {
      const usage = { type: 'duration', seconds: 5 };
      for (const response_format of ['json', 'verbose_json', 'diarized_json'])
        assert.deepEqual((await askJson({ response_format })).usage, usage);
      const { events } = parseStream((await ask({ stream: 'true' })).body);
      assert.deepEqual(events.at(-1)?.usage, usage);
    },
    'whisper-asr-webservice dialect (`/asr`, `audio_file`), whisper.cpp `/inference`': async () => {
      const audioFile = { ...filePart(shortClip()), name: 'audio_file' };
      const asr = await post([audioFile], '/asr?output=json');
      assert.equal(asr.status, 200, asr.body);
      assert.match(JSON.parse(asr.body).text, SENTENCE);
      assert.match(parsed(await post([filePart(shortClip())], '/inference')).text, SENTENCE);
    },
    'WebSocket auth broken by the framework': async () => {
      const upgrade = (headers: Record<string, string> = {}) =>
        rawRequest(`${strict.url}/v1/realtime?intent=transcription`, {
          headers: {
            connection: 'Upgrade',
            upgrade: 'websocket',
            'sec-websocket-version': '13',
            'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
            ...headers,
          },
        });
      assertError(await upgrade(), { status: 401, code: null });
      assertError(await upgrade({ authorization: 'Bearer wrong' }), {
        status: 401,
        code: 'invalid_api_key',
      });
      const protocols = ['realtime', `openai-insecure-api-key.${KEY}`];
      for (const known of [{ headers: { authorization: `Bearer ${KEY}` } }, { protocols }]) {
        const client = await connectRealtime(strict.url, known);
        await client.next('session.created');
        await client.close();
      }
    },
    'model chosen by name for diarization': async () => {
      const speakersOf = async (fields: Record<string, string>) => {
        const { segments } = await askJson(fields, conversationClip());
        return new Set(segments.map(({ speaker }: { speaker?: string }) => speaker));
      };
      const model = 'gpt-4o-transcribe-diarize';
      const both = new Set(['A', 'B']);
      assert.deepEqual(await speakersOf({ model, response_format: 'diarized_json' }), both);
      assert.deepEqual(await speakersOf({ model, response_format: 'verbose_json' }), both);
    },
  };

  for (const [row, check] of Object.entries(rows)) {
    it(row, async () => {
      await check();
      await open.untilClean();
      await strict.untilClean();
      assert.equal((await rawRequest(`${open.url}/health`)).status, 200);
    });
  }
});

function parsed(answer: RawResponse) {
  assert.equal(answer.status, 200, answer.body);
  assert.match(String(answer.headers['content-type']), /^application\/json/);
  return JSON.parse(answer.body);
}

/** The first sentence in a file of a kind that `makeContainer` knows. */
async function inContainer(name: string): Promise<Buffer> {
  const folder = await testFolder();
  try {
    const samples = fixturePcm('two-speakers-clean').subarray(0, 4.6 * 16_000);
    return await readFile(await makeContainer(name, folder.path, samples));
  } finally {
    await folder.remove();
  }
}

/** Node's server inside a running gateway. */
async function httpServerOf({ url }: TestServer): Promise<Server> {
  let found: Server | undefined;
  const remember = (message: unknown) => {
    found = (message as { socket: { server: Server } }).socket.server;
  };
  subscribe('net.server.socket', remember);
  await rawRequest(`${url}/health`);
  unsubscribe('net.server.socket', remember);
  assert.ok(found);
  return found;
}
