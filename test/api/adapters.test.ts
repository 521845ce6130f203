import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { encodeWav } from '#services/audio/wav.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import {
  filePart,
  multipart,
  type Part,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';
import { modelsWithWhisper, whisperDir } from '../support/whisper-model.js';

const NO_WHISPER = whisperDir() === undefined && 'this machine has no Whisper model';
const SECONDS = 8.9;
const SAID = /less on travel[\s\S]*working chamber/i;

/** The same words as bare samples: what Bazarr sends. */
const rawPcm = (): Buffer => {
  const samples = fixturePcm('two-speakers-clean').slice(0, SECONDS * 16_000);
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
};

const audioFile = (value: Buffer): Part => ({
  ...filePart(value, 'audio_file'),
  name: 'audio_file',
});

const post = (url: string, parts: readonly Part[]): Promise<RawResponse> =>
  rawRequest(url, { method: 'POST', ...multipart(parts) });

/** OpenAI's error with `detail`, which is its message. */
const assertError = (
  response: RawResponse,
  expected: { status: number; param: string | null; message: RegExp },
) => {
  assert.equal(response.status, expected.status, response.body);
  const { error, detail, ...rest } = JSON.parse(response.body);
  assert.deepEqual(rest, {});
  assert.equal(error.param, expected.param);
  assert.match(error.message, expected.message);
  assert.equal(detail, error.message);
};

describe('adapters', () => {
  let server: TestServer;
  let models: Awaited<ReturnType<typeof modelsWithWhisper>>;
  let audio: Buffer;
  before(async () => {
    audio = await readFile(join(projectRoot, 'test', 'fixtures', 'two-voices-short.flac'));
    models = await modelsWithWhisper();
    server = await startTestServer({
      ENABLE_ASR_WEBSERVICE_API: 'true',
      ENABLE_WHISPER_CPP_API: 'true',
      ...(models && { MODELS_DIR: models.path }),
    });
  });
  after(async () => {
    await server?.close();
    await models?.remove();
  });

  const asr = (query: string, value: Buffer = audio) =>
    post(`${server.url}/asr${query}`, [audioFile(value)]);
  const inference = (fields: Record<string, string>, value: Buffer = audio) =>
    post(`${server.url}/inference`, [filePart(value), ...textParts(fields)]);

  describe('whisper-asr-webservice', () => {
    const outputs: Record<string, RegExp> = {
      '': SAID,
      '?output=txt': SAID,
      '?output=srt': /^1\n00:00:00,\d{3} --> 00:00:0\d,\d{3}\n.*travel/,
      '?output=vtt': /^WEBVTT\n\n00:00:00\.\d{3} --> 00:00:0\d\.\d{3}\n.*travel/,
      '?output=tsv': /^start\tend\ttext\n\d+\t\d+\t.*travel[^\n]*\n(\d+\t\d+\t[^\t\n]+\n)+$/,
    };
    for (const [query, expected] of Object.entries(outputs)) {
      it(`answers plain text to '${query}'`, async () => {
        const { status, headers, body } = await asr(query);
        assert.equal(status, 200, body);
        assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
        assert.match(body, expected);
      });
    }

    it('answers segments, and words where they are asked for, to output=json', async () => {
      const plain = JSON.parse((await asr('?output=json&word_timestamps=false')).body);
      assert.match(plain.text, SAID);
      assert.equal(plain.language, 'en');
      assert.ok(plain.segments.length > 0);
      assert.equal(plain.segments[0].words, undefined);
      const { segments } = JSON.parse((await asr('?output=json&word_timestamps=true')).body);
      const [first] = segments[0].words;
      assert.equal(first.word, ' We');
      assert.ok(first.end > first.start && first.probability > 0.5);
    });

    it('says who speaks with diarize=true, and heeds the number of speakers', async () => {
      const { segments } = JSON.parse((await asr('?output=json&diarize=true&min_speakers=2')).body);
      const speakers = new Set(segments.map(({ speaker }: { speaker: string }) => speaker));
      assert.deepEqual([...speakers], ['A', 'B']);
      const { body } = await asr('?output=srt&diarize=true&max_speakers=1');
      assert.match(body, /\nA: We spent/);
      assert.doesNotMatch(body, /\nB: /);
    });

    it('takes diarize=false with numbers of speakers, which clients send whatever they want', async () => {
      const { status, body } = await asr('?output=json&diarize=false&min_speakers=2');
      assert.equal(status, 200, body);
      assert.equal(JSON.parse(body).segments[0].speaker, undefined);
    });

    it('reads bare samples with encode=false, an odd byte at their end too', async () => {
      const samples = Buffer.concat([rawPcm(), Buffer.from([0])]);
      const { status, body } = await asr('?encode=false&output=srt&task=transcribe', samples);
      assert.equal(status, 200, body);
      assert.match(body.replace(/\n/g, ' '), SAID);
      const [, minutes, seconds] = /.* --> 00:(\d\d):(\d\d)/s.exec(body) ?? [];
      assert.ok(Number(minutes) * 60 + Number(seconds) <= SECONDS);
      await server.untilClean();
    });

    it('does not take bare samples for a file unless it is told', async () => {
      assertError(await asr('', rawPcm()), { status: 400, param: 'file', message: /./ });
    });

    it('takes a part without a file name', async () => {
      const part: Part = { name: 'audio_file', value: rawPcm() };
      const { status, body } = await post(`${server.url}/asr?encode=false`, [part]);
      assert.equal(status, 200, body);
      assert.match(body, SAID);
    });

    it('translates with a model that can', { skip: NO_WHISPER }, async () => {
      const { status, body } = await asr('?task=translate&language=en&output=txt');
      assert.equal(status, 200, body);
      assert.match(body, /travel/i);
    });

    it('takes another installed model for a language that the default one does not know', {
      skip: NO_WHISPER,
    }, async () => {
      const { status, body } = await asr('?language=de&output=json');
      assert.equal(status, 200, body);
      assert.equal(JSON.parse(body).language, 'de');
    });

    it('tells the language of a file and of bare samples', { skip: NO_WHISPER }, async () => {
      const url = `${server.url}/detect-language`;
      const answers = [
        await post(url, [audioFile(audio)]),
        await post(`${url}?encode=false`, [audioFile(rawPcm())]),
      ];
      for (const { status, headers, body } of answers) {
        assert.equal(status, 200, body);
        assert.match(String(headers['content-type']), /^application\/json/);
        const { confidence, ...language } = JSON.parse(body);
        assert.deepEqual(language, { detected_language: 'english', language_code: 'en' });
        assert.ok(confidence === null || (confidence > 0.5 && confidence <= 1));
      }
      await server.untilClean();
    });

    it('tells no language where nobody speaks', { skip: NO_WHISPER }, async () => {
      const silence = Buffer.from(encodeWav(new Int16Array(2 * SAMPLE_RATE)));
      assertError(await post(`${server.url}/detect-language`, [audioFile(silence)]), {
        status: 400,
        param: 'file',
        message: /Nobody speaks/,
      });
    });

    it('names a model to fetch where the one asked for cannot tell languages apart', async () => {
      const url = `${server.url}/detect-language?model=moonshine-base-en`;
      assertError(await post(url, [audioFile(audio)]), {
        status: 400,
        param: 'model',
        message: /'moonshine-base-en' cannot tell languages apart.*whisper/,
      });
    });

    const mistakes: Record<string, { param: string; message: RegExp }> = {
      '?output=pdf': { param: 'output', message: /'txt', 'vtt', 'srt', 'tsv', 'json'.*'pdf'/ },
      '?task=summarise': { param: 'task', message: /'transcribe', 'translate'.*'summarise'/ },
      '?encode=maybe': { param: 'encode', message: /'true' or 'false'/ },
      '?language=klingon': { param: 'language', message: /klingon/ },
      '?diarize=true&min_speakers=3&max_speakers=2': {
        param: 'min_speakers',
        message: /min_speakers/,
      },
    };
    for (const [query, { param, message }] of Object.entries(mistakes)) {
      it(`refuses ${query}`, async () => {
        assertError(await asr(query), { status: 400, param, message });
      });
    }

    it("says what the part is called here where it is missing or called as OpenAI's", async () => {
      const expected = { status: 400, param: 'audio_file', message: /part named 'audio_file'/ };
      assertError(await post(`${server.url}/asr`, [filePart(audio)]), expected);
      assertError(await rawRequest(`${server.url}/asr`, { method: 'POST' }), expected);
      const json = await rawRequest(`${server.url}/asr`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from('{}'),
      });
      assertError(json, { status: 400, param: null, message: /as its part 'audio_file'/ });
      assertError(await post(`${server.url}/detect-language`, [filePart(audio)]), expected);
    });

    it('refuses an empty file, bare or not', async () => {
      for (const query of ['', '?encode=false']) {
        const response = await asr(query, Buffer.alloc(0));
        assertError(response, { status: 400, param: 'file', message: /empty/ });
      }
    });
  });

  describe('whisper.cpp', () => {
    const formats: Record<string, { type: string; body: RegExp }> = {
      text: { type: 'text/plain', body: SAID },
      srt: { type: 'application/x-subrip', body: /^1\n00:00:00,\d{3} --> .*\n.*travel/ },
      vtt: { type: 'text/vtt', body: /^WEBVTT\n\n00:00:00\.\d{3} --> .*\n.*travel/ },
    };
    for (const [format, { type, body: expected }] of Object.entries(formats)) {
      it(`answers ${type} to response_format=${format}`, async () => {
        const { status, headers, body } = await inference({ response_format: format });
        assert.equal(status, 200, body);
        assert.equal(headers['content-type'], `${type}; charset=utf-8`);
        assert.match(body, expected);
      });
    }

    it('answers the text alone, a line for each segment, where no format is asked for', async () => {
      const settings = { temperature: '0.0', best_of: '5', offset_t: '0', duration: '0.0' };
      const { body } = await inference(settings);
      const { text, ...rest } = JSON.parse(body);
      assert.deepEqual(rest, {});
      assert.match(text, /^ We spent .*\n( .*\n)*$/);
    });

    it('answers segments with words to verbose_json, without times where they are not wanted', async () => {
      const verbose = JSON.parse((await inference({ response_format: 'verbose_json' })).body);
      assert.equal(verbose.task, 'transcribe');
      assert.equal(verbose.language, 'english');
      assert.ok(Math.abs(verbose.duration - SECONDS) < 0.1);
      const [segment] = verbose.segments;
      assert.ok(segment.end > segment.start);
      assert.equal(segment.words[0].word, ' We');
      assert.ok(segment.words[0].end > segment.words[0].start);
      const fields = { response_format: 'verbose_json', no_timestamps: 'true' };
      const { segments } = JSON.parse((await inference(fields)).body);
      assert.deepEqual([segments[0].start, segments[0].words[0].start], [undefined, undefined]);
    });

    it('says who speaks with diarize=true', async () => {
      const { body } = await inference({ diarize: 'true', response_format: 'text' });
      assert.match(body, /^ A: We spent/);
      assert.match(body, /\n B: /);
    });

    it('translates with a model that can', { skip: NO_WHISPER }, async () => {
      const fields = { translate: 'true', response_format: 'verbose_json' };
      const { status, body } = await inference(fields);
      assert.equal(status, 200, body);
      assert.equal(JSON.parse(body).task, 'translate');
      assert.match(JSON.parse(body).text, /travel/i);
    });

    it('refuses formats that it has not', async () => {
      assertError(await inference({ response_format: 'lrc' }), {
        status: 400,
        param: 'response_format',
        message: /lrc.*'json', 'text', 'srt', 'vtt', 'verbose_json'/,
      });
    });

    it('refuses a request without a file, and what is no audio', async () => {
      const url = `${server.url}/inference`;
      const missing = await post(url, textParts({ temperature: '0' }));
      assertError(missing, { status: 400, param: 'file', message: /part named 'file'/ });
      const noise = await inference({}, Buffer.from('this is no recording'));
      assertError(noise, { status: 400, param: 'file', message: /./ });
    });

    it('refuses to transcribe a part of the recording, instead of giving all of it', async () => {
      for (const fields of [{ offset_t: '5000' }, { duration: '1000' }, { duration: 'x' }]) {
        const [[param = '', value] = []] = Object.entries(fields);
        const message = new RegExp(`expected 0, .*transcribed whole.*'${value}'`);
        assertError(await inference(fields), { status: 400, param, message });
      }
    });

    it('loads no models from paths', async () => {
      const response = await post(`${server.url}/load`, textParts({ model: 'models/ggml.bin' }));
      assertError(response, { status: 400, param: 'model', message: /no models from paths/ });
    });
  });

  it('answer 405 to other methods', async () => {
    for (const path of ['/asr', '/detect-language', '/inference', '/load']) {
      const { status, headers } = await rawRequest(server.url + path);
      assert.equal(status, 405);
      assert.equal(headers.allow, 'POST, OPTIONS');
    }
  });

  it('are among the links of the root', async () => {
    const { links } = JSON.parse((await rawRequest(server.url)).body);
    assert.equal(links.asr, '/asr');
    assert.equal(links.inference, '/inference');
  });
});

describe('adapters of a server with keys and limits', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({
      ENABLE_ASR_WEBSERVICE_API: 'true',
      ENABLE_WHISPER_CPP_API: 'true',
      API_KEYS: 'sk-test-0123456789abcdefghij',
      RATE_LIMIT_REQUESTS: '4',
      RATE_LIMIT_WINDOW_SECONDS: '600',
    });
  });
  after(() => server.close());

  it('have `detail` in what is refused before they are asked, too', async () => {
    for (const path of ['/asr', '/detect-language', '/inference/', '/load']) {
      const response = await rawRequest(server.url + path, { method: 'POST' });
      assertError(response, { status: 401, param: null, message: /API key/ });
    }
    const limited = await rawRequest(`${server.url}/asr`, { method: 'POST' });
    assertError(limited, { status: 429, param: null, message: /Rate limit/ });
    const other = await rawRequest(`${server.url}/v1/models`);
    assert.deepEqual(Object.keys(JSON.parse(other.body)), ['error']);
  });
});

describe('a server without adapters', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  it('has no such paths, and does not speak of them', async () => {
    for (const path of ['/asr', '/detect-language', '/inference', '/load']) {
      const { status, body } = await post(server.url + path, [filePart('x')]);
      assert.equal(status, 404, path);
      assert.equal(JSON.parse(body).error.code, 'route_not_found');
    }
    const { links } = JSON.parse((await rawRequest(server.url)).body);
    assert.equal(links.asr ?? links.inference, undefined);
    const { paths } = JSON.parse((await rawRequest(`${server.url}/openapi.json`)).body);
    assert.equal(paths['/asr'] ?? paths['/inference'], undefined);
  });
});
