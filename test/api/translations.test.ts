import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { shortClip } from '../support/clips.js';
import { parseStream } from '../support/event-stream.js';
import { assertError, filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';
import { modelsWithWhisper, WHISPER_MODEL } from '../support/whisper-model.js';

/** The SDK's types take it for a plain text with `text`. */
type Verbose = OpenAI.Audio.TranslationVerbose & { task?: string };

const SENTENCE = /spent less on travel/i;

async function post(
  server: TestServer,
  fields: Record<string, string> = {},
  path = '/v1/audio/translations',
) {
  const parts = [filePart(shortClip()), ...textParts({ model: 'whisper-1', ...fields })];
  return rawRequest(server.url + path, { method: 'POST', ...multipart(parts) });
}

describe('translations without a model that can', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  it('are refused, naming how to get one', async () => {
    assertError(await post(server), {
      status: 400,
      code: 'unsupported_value',
      param: 'model',
      message: /'moonshine-base-en' cannot translate.*models pull whisper-\w+/,
    });
  });

  it('exist for POST alone', async () => {
    assertError(await rawRequest(`${server.url}/v1/audio/translations`), {
      status: 405,
      code: 'method_not_allowed',
    });
  });
});

const models = await modelsWithWhisper();

describe('translations', { skip: models === undefined && 'Whisper is not on this machine' }, () => {
  let server: TestServer;
  let client: OpenAI;
  before(async () => {
    server = await startTestServer({
      MODELS_DIR: models?.path ?? '',
      ALIASES: 'theirs=whisper-1,ours=moonshine-base-en',
    });
    client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
  });
  after(async () => {
    await server.close();
    await models?.remove();
  });

  const create = async (more: Partial<OpenAI.Audio.TranslationCreateParams> = {}) =>
    client.audio.translations.create({
      file: await toFile(shortClip(), 'a.wav'),
      model: 'whisper-1',
      ...more,
    });

  it('are the text alone as json, with an id of OpenAI, of ours, and another path', async () => {
    for (const response of [
      await post(server),
      await post(server, { model: WHISPER_MODEL }),
      await post(server, { model: 'theirs' }),
      await post(server, { model: 'whisper-1' }, '/audio/translations'),
    ]) {
      assert.equal(response.status, 200, response.body);
      const body = JSON.parse(response.body);
      assert.deepEqual(Object.keys(body), ['text']);
      assert.match(body.text, SENTENCE);
    }
  });

  it('are what the SDK knows, in every format', async () => {
    assert.match((await create()).text, SENTENCE);
    const verbose = await client.audio.translations.create({
      file: await toFile(shortClip(), 'a.wav'),
      model: 'whisper-1',
      response_format: 'verbose_json',
    });
    assert.deepEqual(Object.keys(verbose), ['task', 'language', 'duration', 'text', 'segments']);
    const { task, language, duration, segments } = verbose as unknown as Verbose;
    assert.deepEqual([task, language], ['translate', 'english']);
    assert.ok(Math.abs(duration - 4.6) < 0.1);
    assert.equal(Object.keys(segments?.[0] ?? {}).length, 10);
    for (const response_format of ['text', 'srt', 'vtt'] as const) {
      const text: unknown = await create({ response_format });
      assert.ok(typeof text === 'string');
      assert.match(text.replaceAll('\n', ' '), SENTENCE);
    }
  });

  it('are streamed', async () => {
    const { body, headers } = await post(server, { stream: 'true' });
    assert.match(headers['content-type'] ?? '', /^text\/event-stream\b/);
    const { events, isDone } = parseStream(body);
    assert.ok(isDone);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['transcript.text.delta', 'transcript.text.done'],
    );
  });

  it('have speakers where they are asked for', async () => {
    const response = await post(server, { response_format: 'diarized_json' });
    const { task, segments } = JSON.parse(response.body);
    assert.deepEqual([task, segments[0].speaker], ['translate', 'A']);
  });

  for (const model of ['moonshine-base-en', 'ours']) {
    it(`are refused for a model that cannot, naming one that is here: ${model}`, async () => {
      assertError(await post(server, { model }), {
        status: 400,
        code: 'unsupported_value',
        param: 'model',
        message: new RegExp(`cannot translate. Send model=${WHISPER_MODEL}`),
      });
    });
  }

  describe('and transcriptions with the same model', () => {
    const path = '/v1/audio/transcriptions';

    it('name the language that was heard', async () => {
      const fields = { model: WHISPER_MODEL, response_format: 'verbose_json' };
      const { task, language } = JSON.parse((await post(server, fields, path)).body);
      assert.deepEqual([task, language], ['transcribe', 'english']);
    });

    it('list the languages that were heard where several may be', async () => {
      const parts = [
        filePart(shortClip()),
        ...textParts({ model: WHISPER_MODEL, 'languages[0]': 'German', 'languages[1]': 'en' }),
      ];
      const url = server.url + path;
      const { body } = await rawRequest(url, { method: 'POST', ...multipart(parts) });
      assert.deepEqual(JSON.parse(body).languages, [{ code: 'en' }]);
    });

    it('are refused log-probabilities, naming a model that gives them', async () => {
      const fields = { model: WHISPER_MODEL, 'include[]': 'logprobs' };
      assertError(await post(server, fields, path), {
        status: 400,
        code: 'unsupported_value',
        param: 'include',
        message: /'whisper-base' gives no log-probabilities. Send model=moonshine-base-en/,
      });
    });

    it('go to it by themselves for a language that the default model does not know', async () => {
      for (const fields of [{ language: 'german' }, { 'languages[]': 'de' }]) {
        const more = { response_format: 'verbose_json', ...fields };
        const { status, body } = await post(server, more, path);
        assert.equal(status, 200, body);
        assert.equal(JSON.parse(body).language, 'german');
      }
    });

    it('are refused by a model that was named and does not know it, with the name of one that does', async () => {
      assertError(await post(server, { model: 'moonshine-base-en', language: 'german' }, path), {
        status: 400,
        code: 'unsupported_value',
        param: 'language',
        message: new RegExp(`does not know german.*Send model=${WHISPER_MODEL}`),
      });
    });
  });
});
