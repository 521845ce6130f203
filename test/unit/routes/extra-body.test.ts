import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTranscriptionFields } from '#src/routes/transcription-fields.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const parse = (fields: Record<string, unknown>) =>
  parseTranscriptionFields({ model: 'x', ...fields });

const url = 'data:audio/wav;base64,UklGRg==';
const alice = {
  known: [{ name: 'Alice', base64: 'UklGRg==' }],
  asking: 'known_speaker_names',
};

describe('what is inside extra_body', () => {
  for (const [what, extra, expected] of [
    [
      'known voices',
      { known_speaker_names: ['Alice'], known_speaker_references: [url] },
      { speakers: alice },
    ],
    [
      'fields about speakers as JSON',
      '{"diarize":true,"max_speakers":3,"min_speakers":null}',
      { speakers: { diarize: true, count: { max: 3 }, asking: 'max_speakers' } },
    ],
    [
      'every other field',
      {
        response_format: 'verbose_json',
        language: 'German',
        prompt: 'Zyx',
        temperature: '0.5',
        timestamp_granularities: ['word'],
        include: ['logprobs'],
        keywords: ['Zyx'],
        stream: 'true',
      },
      {
        responseFormat: 'verbose_json',
        language: 'de',
        prompt: 'Zyx',
        granularities: ['word'],
        logprobs: true,
        keywords: ['Zyx'],
        stream: true,
      },
    ],
    [
      'every other field as JSON',
      '{"model":"y","temperature":0.5,"languages":["de","fr"],"stream":false,"prompt":null}',
      { model: 'x', languages: ['de', 'fr'], stream: false, prompt: undefined },
    ],
    ['a name that objects have of their own', '{"__proto__":{"stream":"true"}}', { stream: false }],
    [
      'lists whose names have brackets',
      '{"timestamp_granularities[]":["segment"],"languages[]":["de"]}',
      { granularities: ['segment'], languages: ['de'] },
    ],
    ['nothing of ours', { usage: 'x' }, { stream: false }],
  ] as const) {
    it(`is read: ${what}`, () => {
      const fields: Record<string, unknown> = { ...parse({ extra_body: extra }) };
      const read = Object.keys(expected).map((name) => [name, fields[name]]);
      assert.deepEqual(Object.fromEntries(read), expected);
    });
  }

  it('counts only where the request itself says nothing', () => {
    const { speakers } = parse({
      diarize: 'false',
      num_speakers: '',
      extra_body: { diarize: 'true', num_speakers: '2' },
    });
    assert.deepEqual(speakers, {
      diarize: false,
      count: { min: 2, max: 2 },
      asking: 'num_speakers',
    });
  });

  it('counts as it was sent last', () => {
    const { language } = parse({ extra_body: ['{"language":"de"}', '{"language":"fr"}'] });
    assert.equal(language, 'fr');
    assert.equal(parse({ extra_body: [{ language: 'de' }, ''] }).language, undefined);
  });

  it('is checked like a field of its own, also where it has no effect', () => {
    assert.throws(() => parse({ extra_body: '{"temperature":2}' }), /'temperature'/);
  });

  it('may be long, where one of its texts is', () => {
    const prompt = 'x'.repeat(1_000_000);
    assert.equal(parse({ extra_body: JSON.stringify({ prompt }) }).prompt, prompt);
  });

  for (const [what, extra_body, message] of [
    ['broken JSON', '{"diarize": true', /expected an object in JSON.*broken JSON/],
    ['a word', 'diarize', /received 'diarize'/],
    ['a text in JSON', '"diarize"', /object in JSON/],
    ['a list in JSON', '[{"diarize":true}]', /object in JSON/],
    ['null', 'null', /object in JSON/],
    ['a list in a list', [['{}']], /a list/],
    ['JSON of great depth', `{"x":${'['.repeat(200_000)}`, /nested too deeply/],
    ['closed JSON of great depth', `{"x":${'['.repeat(5000)}${']'.repeat(5000)}}`, /too deeply/],
    ['JSON of very many values', `{"x":[${'0,'.repeat(20_000)}0]}`, /too long/],
  ] as const) {
    it(`is refused, never left out: ${what}`, () => {
      assert.throws(
        () => parse({ extra_body }),
        (error) => {
          assert.ok(error instanceof WhosaidError);
          assert.deepEqual([error.key, error.param], ['field_invalid', 'extra_body']);
          assert.match(error.message, message);
          assert.ok(error.message.length < 300, 'the whole text is repeated');
          return true;
        },
      );
    });
  }
});
