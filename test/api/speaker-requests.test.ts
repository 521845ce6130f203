import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { shortClip } from '../support/clips.js';
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
import { dataUrl, voiceSample, wavOf } from '../support/voices.js';

/** Fields that may be there several times. */
type Fields = readonly (readonly [name: string, value: string])[];

async function post(server: TestServer, fields: Fields, file = shortClip()) {
  const parts: Part[] = [
    filePart(file),
    ...textParts({ model: 'whisper-1' }),
    ...fields.map(([name, value]) => ({ name, value })),
  ];
  return rawRequest(`${server.url}/v1/audio/transcriptions`, {
    method: 'POST',
    ...multipart(parts),
  });
}

const voice = dataUrl(wavOf(voiceSample('Alice')));
const names = (...values: string[]): Fields =>
  values.map((value) => ['known_speaker_names[]', value]);
const references = (...values: string[]): Fields =>
  values.map((value) => ['known_speaker_references[]', value]);

describe('requests for speakers that are refused', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());
  // By the time of the answer, not some time later.
  afterEach(async () => assert.deepEqual(await server.leftovers(), []));

  const invalid = (param: string, message?: RegExp): Omit<ExpectedError, 'status'> => ({
    code: 'invalid_value',
    param,
    ...(message && { message }),
  });
  const cases: [string, Fields, Omit<ExpectedError, 'status'>][] = [
    [
      'min_speakers above max_speakers',
      [
        ['min_speakers', '3'],
        ['max_speakers', '2'],
      ],
      invalid('min_speakers', /min_speakers=3 and max_speakers=2/),
    ],
    [
      'num_speakers above max_speakers',
      [
        ['num_speakers', '3'],
        ['max_speakers', '2'],
      ],
      invalid('num_speakers'),
    ],
    ['num_speakers=0', [['num_speakers', '0']], invalid('num_speakers', /1 to 50.*'0'/)],
    ["num_speakers='two'", [['num_speakers', 'two']], invalid('num_speakers', /'two'/)],
    ['num_speakers=2.5', [['num_speakers', '2.5']], invalid('num_speakers', /'2\.5'/)],
    [
      'num_speakers inside extra_body',
      [['extra_body[num_speakers]', 'two']],
      invalid('num_speakers'),
    ],
    ['diarize=perhaps', [['diarize', 'perhaps']], invalid('diarize', /'true' or 'false'/)],
    [
      'diarize=false with diarized_json',
      [
        ['diarize', 'false'],
        ['response_format', 'diarized_json'],
      ],
      invalid('diarize', /diarize=false and response_format=diarized_json contradict/),
    ],
    [
      'names without references',
      names('Alice', 'Bruno'),
      invalid('known_speaker_references', /received 2 names and 0 references/),
    ],
    [
      'names without references inside extra_body',
      [['extra_body[known_speaker_names][]', 'Alice']],
      invalid('known_speaker_references'),
    ],
    [
      'references without names',
      references(voice),
      invalid('known_speaker_names', /0 names and 1 references/),
    ],
    [
      'five known speakers',
      [...names('A', 'B', 'C', 'D', 'E'), ...references(voice, voice, voice, voice, voice)],
      invalid('known_speaker_names', /at most 4/),
    ],
    [
      'one name twice',
      [...names('Alice', ' Alice'), ...references(voice, voice)],
      invalid('known_speaker_names', /number 2/),
    ],
    [
      'too long a name',
      [...names('x'.repeat(65)), ...references(voice)],
      invalid('known_speaker_names', /64/),
    ],
    [
      'a name with a line break',
      [...names('Al\r\nice'), ...references(voice)],
      invalid('known_speaker_names', /line breaks/),
    ],
    [
      'a reference that is no data URL',
      [...names('Alice'), ...references('https://example.org/alice.wav')],
      invalid('known_speaker_references', /number 1 is not a data URL/),
    ],
    [
      'a reference without base64',
      [...names('Alice'), ...references('data:audio/wav,RIFF')],
      invalid('known_speaker_references', /without ;base64/),
    ],
    [
      'a reference that is not base64',
      [...names('A', 'B'), ...references(voice, 'data:audio/wav;base64,*not*base64*')],
      invalid('known_speaker_references', /number 2 is not base64/),
    ],
    [
      'an empty reference',
      [...names('Alice'), ...references('data:audio/wav;base64,')],
      invalid('known_speaker_references', /number 1 is empty/),
    ],
    [
      'a reference that is not audio',
      [...names('Alice'), ...references(dataUrl(Buffer.from('not a recording '.repeat(99))))],
      invalid('known_speaker_references', /[Nn]umber 1 .*cannot be decoded/),
    ],
    [
      'a second reference that is not audio',
      [...names('A', 'B'), ...references(voice, dataUrl(Buffer.from('text'), 'text/plain'))],
      invalid('known_speaker_references', /[Nn]umber 2 /),
    ],
    [
      'a reference that is too short',
      [...names('Alice'), ...references(dataUrl(wavOf(voiceSample('Alice', 1))))],
      invalid('known_speaker_references', /1\.2 to 10 seconds; number 1 is 1/),
    ],
    ['channels of another kind', [['channels', 'both']], invalid('channels', /'mix' or 'split'/)],
    [
      'channels=split with num_speakers',
      [
        ['channels', 'split'],
        ['num_speakers', '2'],
      ],
      invalid('num_speakers', /channels=split and num_speakers contradict/),
    ],
    [
      'channels=split with references',
      [['channels', 'split'], ...names('Alice'), ...references(voice)],
      invalid('known_speaker_references', /channels=split/),
    ],
    [
      'channels=split with three names',
      [['channels', 'split'], ...names('A', 'B', 'C')],
      invalid('known_speaker_names', /at most two/),
    ],
    ['channels=split of a mono file', [['channels', 'split']], invalid('channels', /two channels/)],
    [
      'words of diarized_json',
      [
        ['response_format', 'diarized_json'],
        ['timestamp_granularities[]', 'word'],
      ],
      invalid('timestamp_granularities', /'diarized_json'/),
    ],
  ];
  for (const [what, fields, expected] of cases) {
    it(`for ${what}`, async () => {
      assertError(await post(server, fields), { status: 400, ...expected });
    });
  }

  it('for a reference longer than 16 MB, without waiting for the rest', async () => {
    const large = dataUrl(Buffer.alloc(13 * 2 ** 20));
    const response = await post(server, [...names('Alice'), ...references(large)]);
    assertError(response, { status: 400, code: 'invalid_multipart', message: /16 MB/ });
  });

  it('for fields that are longer than 68 MB together', async () => {
    const large = dataUrl(Buffer.alloc(10 * 2 ** 20));
    const response = await post(server, references(...Array.from({ length: 8 }, () => large)));
    assertError(response, { status: 400, code: 'invalid_multipart', message: /68 MB/ });
  });

  it('without a name or a voice in the log', async () => {
    await post(server, [...names('SECRET', 'SECRET'), ...references(voice, voice)]);
    await post(server, [...names('SECRET'), ...references('data:SECRET')]);
    await post(server, [...names('SECRET'), ...references('data:audio/wav;base64,SECRET')]);
    const log = JSON.stringify(server.logs);
    assert.doesNotMatch(log, /SECRET|base64/);
    assert.match(log, /known_speaker_repeated/);
  });

  it('not, where a switch is off and everything else is empty', async () => {
    const response = await post(server, [
      ['diarize', 'false'],
      ['num_speakers', ''],
      ['channels', 'mix'],
      ['chunking_strategy', '{"type":"server_vad"}'],
      ['extra_body[diarize]', ''],
      ...names('', ' '),
      ...references(''),
    ]);
    assert.equal(response.status, 200, response.body);
    assert.deepEqual(Object.keys(JSON.parse(response.body)), ['text', 'usage']);
  });
});

describe('a server that gives no speaker labels', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ ENABLE_SPEAKER_DIARIZATION: 'never' });
  });
  after(() => server.close());
  afterEach(async () => assert.deepEqual(await server.leftovers(), []));

  const cases: [string, Fields][] = [
    ['response_format', [['response_format', 'diarized_json']]],
    ['model', [['model', 'gpt-4o-transcribe-diarize']]],
    ['model', [['model', 'moonshine-base-en-diarize']]],
    ['diarize', [['diarize', 'true']]],
    ['diarize', [['extra_body[diarize]', 'true']]],
    ['diarize', [['extra_body', '{"diarize":true}']]],
    ['num_speakers', [['num_speakers', '2']]],
    ['min_speakers', [['min_speakers', '2']]],
    ['max_speakers', [['max_speakers', '2']]],
    ['known_speaker_names', [...names('Alice'), ...references(voice)]],
    [
      'known_speaker_names',
      [
        ['extra_body[known_speaker_names][]', 'Alice'],
        ['extra_body[known_speaker_references][]', voice],
      ],
    ],
    ['channels', [['channels', 'split']]],
  ];
  for (const [param, fields] of cases) {
    const what = fields.map(([name, value]) => `${name}=${value.slice(0, 30)}`).join(' and ');
    it(`says so rather than leave them out: ${what}`, async () => {
      assertError(await post(server, fields), {
        status: 400,
        code: 'unsupported_value',
        param,
        message: /ENABLE_SPEAKER_DIARIZATION=never/,
      });
    });
  }

  it('transcribes what does not ask for them, also where it is said that none are wanted', async () => {
    const asked: Fields[] = [
      [],
      [['diarize', 'false']],
      [
        ['diarize', 'false'],
        ['model', 'gpt-4o-transcribe-diarize'],
      ],
    ];
    for (const fields of asked) {
      const response = await post(server, fields);
      assert.equal(response.status, 200, response.body);
      assert.deepEqual(Object.keys(JSON.parse(response.body)), ['text', 'usage']);
    }
  });

  it('does not offer models that ask for them', async () => {
    const list = JSON.parse((await rawRequest(`${server.url}/v1/models`)).body);
    const ids: string[] = list.data.map(({ id }: { id: string }) => id);
    assert.ok(ids.includes('whisper-1'));
    assert.deepEqual(
      ids.filter((id) => id.endsWith('-diarize')),
      [],
    );
    const one = await rawRequest(`${server.url}/v1/models/gpt-4o-transcribe-diarize`);
    assertError(one, { status: 400, code: 'unsupported_value', param: 'model' });
  });

  it('loads no speaker model', async () => {
    const health = JSON.parse((await rawRequest(`${server.url}/health`)).body);
    const roles = health.engines.map(({ role }: { role: string }) => role);
    assert.deepEqual(new Set(roles), new Set(['speech']));
  });
});

describe('a server whose default model asks for speakers', () => {
  it('does not start where speakers are switched off', async () => {
    await assert.rejects(
      startTestServer({
        MODEL: 'gpt-4o-transcribe-diarize',
        ENABLE_SPEAKER_DIARIZATION: 'false',
      }),
      /MODEL is "gpt-4o-transcribe-diarize"/,
    );
  });
});
