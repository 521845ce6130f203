import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { conversationClip, shortClip } from '../support/clips.js';
import { parseStream } from '../support/event-stream.js';
import {
  assertError,
  type ExpectedError,
  filePart,
  multipart,
  type RawResponse,
  rawRequest,
} from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

/** Fields as they are sent: they may be there several times. */
type Fields = readonly (readonly [name: string, value: string])[];

const SENTENCE = /We spent less on travel/;

describe('fields on the wire', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  const post = (fields: Fields, file = shortClip()): Promise<RawResponse> => {
    const texts = fields.map(([name, value]) => ({ name, value }));
    const { headers, body } = multipart([
      filePart(file),
      { name: 'model', value: 'whisper-1' },
      ...texts,
    ]);
    const url = `${server.url}/v1/audio/transcriptions`;
    // What SDKs send whatever the format is.
    return rawRequest(url, {
      method: 'POST',
      headers: { ...headers, accept: 'application/json' },
      body,
    });
  };
  const postForJson = async (fields: Fields, file?: Buffer) => {
    const response = await post(fields, file);
    assert.equal(response.status, 200, response.body);
    return JSON.parse(response.body);
  };

  const verbose = ['response_format', 'verbose_json'] as const;

  describe('ask for word times', () => {
    for (const fields of [
      [['timestamp_granularities[]', 'word']],
      [['timestamp_granularities', 'word']],
      [['timestamp_granularities[0]', 'word']],
      [['timestamp_granularities[][]', 'word']],
      [['extra_body[timestamp_granularities][]', 'word']],
      [['extra_body[timestamp_granularities]', 'word']],
      [['extra_body', '{"timestamp_granularities":["word"]}']],
      [
        ['timestamp_granularities[]', ''],
        ['extra_body[timestamp_granularities][0]', 'word'],
      ],
    ] as Fields[]) {
      it(JSON.stringify(fields), async () => {
        const { words, segments } = await postForJson([verbose, ...fields]);
        assert.ok(words.length > 5);
        assert.equal(segments, undefined);
      });
    }

    for (const fields of [
      [
        ['timestamp_granularities[]', 'word'],
        ['timestamp_granularities[]', 'segment'],
      ],
      [
        ['timestamp_granularities[0]', 'word'],
        ['timestamp_granularities[1]', 'segment'],
      ],
      [
        ['timestamp_granularities', 'word'],
        ['timestamp_granularities', 'segment'],
      ],
      [
        ['timestamp_granularities', 'word'],
        ['timestamp_granularities[]', 'segment'],
      ],
    ] as Fields[]) {
      it(`and segments: ${JSON.stringify(fields)}`, async () => {
        const { words, segments } = await postForJson([verbose, ...fields]);
        assert.ok(words.length > 5 && segments.length > 0);
      });
    }
  });

  describe('ask for log-probabilities', () => {
    for (const fields of [
      [['include[]', 'logprobs']],
      [['include', 'logprobs']],
      [['include[0]', 'logprobs']],
      [['extra_body[include][]', 'logprobs']],
      [['include[]', 'logprobs'], verbose],
    ] as Fields[]) {
      it(JSON.stringify(fields), async () => {
        const { text, logprobs } = await postForJson(fields);
        const bytes = logprobs.flatMap((token: { bytes: number[] }) => token.bytes);
        assert.equal(Buffer.from(bytes).toString().trim(), text);
        for (const { token, logprob } of logprobs) {
          assert.ok(typeof token === 'string' && logprob <= 0);
        }
      });
    }
  });

  describe('name the languages that may be spoken', () => {
    for (const fields of [
      [['languages[]', 'en']],
      [['languages', 'English']],
      [['languages[0]', 'en-GB'], verbose],
      [['extra_body[languages][]', 'en']],
    ] as Fields[]) {
      it(`and are told those that are: ${JSON.stringify(fields)}`, async () => {
        assert.deepEqual((await postForJson(fields)).languages, [{ code: 'en' }]);
      });
    }

    for (const fields of [[], [['language', 'en']], [['languages[]', '']]] as Fields[]) {
      it(`or do not: ${JSON.stringify(fields)}`, async () => {
        assert.deepEqual(Object.keys(await postForJson(fields)), ['text', 'usage']);
      });
    }
  });

  describe('say how speech is cut', () => {
    const longPauses = 'chunking_strategy[silence_duration_ms]';
    let usual: number;
    before(async () => {
      usual = (await postForJson([verbose], conversationClip())).segments.length;
    });
    for (const [spelling, fields] of [
      [
        'brackets',
        [
          ['chunking_strategy[type]', 'server_vad'],
          [longPauses, '5000'],
        ],
      ],
      [
        'dots',
        [
          ['chunking_strategy.type', 'server_vad'],
          ['chunking_strategy.silence_duration_ms', '5000'],
        ],
      ],
      ['JSON', [['chunking_strategy', '{"type":"server_vad","silence_duration_ms":5000}']]],
      [
        'extra_body',
        [
          ['extra_body[chunking_strategy][type]', 'server_vad'],
          ['extra_body[chunking_strategy][silence_duration_ms]', '5000'],
        ],
      ],
    ] as [string, Fields][]) {
      it(`with ${spelling}: no pause of the clip is long enough to cut at`, async () => {
        const { segments } = await postForJson([verbose, ...fields], conversationClip());
        assert.ok(segments.length < usual, `${segments.length} segments instead of ${usual}`);
      });
    }

    for (const value of ['auto', '{"type":"auto"}', '']) {
      it(`or leave it to the server: ${JSON.stringify(value)}`, async () => {
        const fields = [verbose, ['chunking_strategy', value]] as const;
        const { segments } = await postForJson(fields, conversationClip());
        assert.equal(segments.length, usual);
      });
    }
  });

  it('are taken without effect where the model has no use for them', async () => {
    const fields = [
      ['temperature', '0.7'],
      ['prompt', 'Travel, electricity.'],
      ['keywords[]', 'electricity'],
      ['keywords', 'travel'],
      ['user', 'somebody'],
      ['max_tokens', '5'],
      ['nested[field][deep]', 'x'],
    ] as const;
    const body = await postForJson(fields);
    assert.deepEqual(Object.keys(body), ['text', 'usage']);
    assert.match(body.text, SENTENCE);
  });

  it('are as good as not there where they are empty', async () => {
    const texts = ['language', 'prompt', 'response_format', 'temperature', 'stream', 'diarize'];
    const lists = ['timestamp_granularities[]', 'include[]', 'languages[]', 'keywords[]'];
    const others = ['chunking_strategy', 'chunking_strategy[type]', 'extra_body', 'extra_body[x]'];
    const fields = [...texts, ...lists, ...others.slice(0, 1)].map((name) => [name, ''] as const);
    assert.deepEqual(Object.keys(await postForJson(fields)), ['text', 'usage']);
    for (const other of others) assert.ok((await postForJson([[other, '']])).text);
  });

  it('get text as text, though JSON would be accepted', async () => {
    const response = await post([['response_format', 'text']]);
    assert.equal(response.status, 200);
    assert.equal(response.headers['content-type'], 'text/plain; charset=utf-8');
    assert.match(response.body, SENTENCE);
  });

  for (const fields of [
    [['stream', 'true']],
    [['stream', 'True']],
    [['stream', '1']],
    [['extra_body[stream]', 'true']],
    [['extra_body', '{"stream":true}']],
  ] as Fields[]) {
    it(`get a stream, though JSON would be accepted: ${JSON.stringify(fields)}`, async () => {
      const { body, headers } = await post(fields);
      assert.match(headers['content-type'] ?? '', /^text\/event-stream\b/);
      assert.ok(parseStream(body).isDone);
    });
  }

  const invalid = { status: 400, code: 'invalid_value' };
  for (const [fields, expected] of [
    [[['chunking_strategy', 'manual']], { param: 'chunking_strategy', message: /'manual'/ }],
    [
      [
        ['chunking_strategy[type]', 'server_vad'],
        ['chunking_strategy[threshold]', '2'],
      ],
      { param: 'chunking_strategy', message: /'threshold'.*0 to 1.*'2'/ },
    ],
    [
      [['chunking_strategy', '{"type":"server_vad","silence_duration_ms":-5}']],
      { param: 'chunking_strategy', message: /'silence_duration_ms'/ },
    ],
    [
      [['include[]', 'usage']],
      { code: 'unsupported_value', param: 'include', message: /'usage'.*'logprobs'/ },
    ],
    [
      [
        ['include[]', 'logprobs'],
        ['response_format', 'text'],
      ],
      { param: 'include', message: /json/ },
    ],
    [[['languages[]', 'klingonese']], { param: 'languages', message: /klingonese/ }],
    [
      [
        ['languages[]', 'en'],
        ['languages[]', 'de'],
      ],
      { code: 'unsupported_value', param: 'languages', message: /does not know german/ },
    ],
    [
      [
        ['languages[]', 'en'],
        ['language', 'en'],
      ],
      { param: 'languages', message: /contradict/ },
    ],
    [[['keywords[]', 'a <b>']], { param: 'keywords', message: /number 1/ }],
    [
      [
        ['keywords[]', 'fine'],
        ['keywords[]', 'one\nanother'],
      ],
      { param: 'keywords', message: /number 2/ },
    ],
    [[['extra_body', '{"stream":']], { param: 'extra_body' }],
    [
      [
        ['extra_body', '{}'],
        ['extra_body', 'diarize'],
      ],
      { param: 'extra_body', message: /received 'diarize'/ },
    ],
    [[['extra_body', `{"x":${'['.repeat(200_000)}`]], { param: 'extra_body' }],
    [[['chunking_strategy', '['.repeat(200_000)]], { param: 'chunking_strategy' }],
  ] as [Fields, Partial<ExpectedError>][]) {
    it(`are refused: ${JSON.stringify(fields).slice(0, 100)}`, async () => {
      assertError(await post(fields), { ...invalid, ...expected });
    });
  }
});
