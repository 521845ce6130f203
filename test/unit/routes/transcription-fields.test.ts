import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTranscriptionFields } from '#src/routes/transcription-fields.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const parse = (fields: Record<string, unknown>) =>
  parseTranscriptionFields({ model: 'whisper-1', ...fields });

const keyOf = (fields: Record<string, unknown>): string => {
  try {
    parseTranscriptionFields(fields);
  } catch (error) {
    assert.ok(error instanceof WhosaidError);
    return error.key;
  }
  return 'accepted';
};

describe('fields of a transcription request', () => {
  it('have defaults where only the model is given', () => {
    assert.deepEqual(parse({}), {
      model: 'whisper-1',
      language: undefined,
      prompt: undefined,
      responseFormat: 'json',
      temperature: 0,
      granularities: [],
      speakers: {},
    });
  });

  it('are read as what they mean', () => {
    assert.deepEqual(
      parse({
        language: 'en',
        prompt: ' Vocabulary: Zyx ',
        response_format: 'verbose_json',
        temperature: '0.2',
        timestamp_granularities: ['word', 'segment'],
        stream: 'false',
        anything: 'else',
      }),
      {
        model: 'whisper-1',
        language: 'en',
        prompt: ' Vocabulary: Zyx ',
        responseFormat: 'verbose_json',
        temperature: 0.2,
        granularities: ['word', 'segment'],
        speakers: {},
      },
    );
  });

  for (const [sent, code] of [
    ['', undefined],
    ['  ', undefined],
    ['auto', undefined],
    ['AUTO', undefined],
    ['de', 'de'],
    ['DE', 'de'],
    ['german', 'de'],
    ['German', 'de'],
    ['pt-BR', 'pt'],
  ] as const) {
    it(`take the language '${sent}' as ${code ?? 'a wish to detect it'}`, () => {
      assert.equal(parse({ language: sent }).language, code);
    });
  }

  it('count empty values as not sent, as the SDK for Python does not send them', () => {
    const empty = { prompt: '', response_format: '', temperature: '', stream: '' };
    assert.equal(parse({ ...empty, timestamp_granularities: [''] }).responseFormat, 'json');
  });

  it('take the last of a repeated value', () => {
    assert.equal(parse({ model: ['a', 'b'] }).model, 'b');
  });

  it('take a granularity with and without brackets, once or as a list', () => {
    const format = { response_format: 'verbose_json' };
    assert.deepEqual(parse({ ...format, timestamp_granularities: 'word' }).granularities, ['word']);
    assert.deepEqual(parse({ ...format, timestamp_granularities: ['word'] }).granularities, [
      'word',
    ]);
  });

  for (const [key, fields] of [
    ['model_missing', {}],
    ['model_missing', { model: ' ' }],
    ['field_invalid', { model: { id: 'x' } }],
    ['field_invalid', { model: 'x', temperature: '-0.1' }],
    ['field_invalid', { model: 'x', temperature: 'NaN' }],
    ['field_invalid', { model: 'x', timestamp_granularities: [{ a: 'b' }] }],
    ['response_format_unsupported', { model: 'x', response_format: 'JSON' }],
    ['stream_unsupported', { model: 'x', stream: 'True' }],
    ['stream_unsupported', { model: 'x', stream: '1' }],
    ['granularity_unsupported', { model: 'x', timestamp_granularities: 'words' }],
    ['granularity_needs_verbose_json', { model: 'x', timestamp_granularities: 'word' }],
    ['accepted', { model: 'x', timestamp_granularities: 'segment' }],
    ['language_unknown', { model: 'x', language: 'xx' }],
    ['accepted', { model: 'x', response_format: 'diarized_json' }],
    ['known_speakers_unpaired', { model: 'x', known_speaker_names: ['a'] }],
    ['accepted', { model: 'x', num_speakers: '2' }],
    ['accepted', { model: 'x', diarize: 'false', known_speaker_names: [''] }],
    ['accepted', { model: 'x', chunking_strategy: 'auto' }],
    ['accepted', { model: 'x', chunking_strategy: '{"type":"server_vad"}' }],
    ['accepted', { model: 'x', 'chunking_strategy.type': 'server_vad' }],
    ['accepted', { model: 'x', extra_body: 'text', chunking_strategy: { type: 'server_vad' } }],
  ] as const) {
    it(`give ${key} for ${JSON.stringify(fields)}`, () => assert.equal(keyOf(fields), key));
  }

  it('are quoted in messages only as far as it helps to recognise them', () => {
    assert.throws(
      () => parse({ response_format: 'x'.repeat(1000) }),
      (error: Error) => error.message.length < 250,
    );
  });
});
