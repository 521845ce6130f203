import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTranscriptionFields } from '#src/routes/transcription-fields.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const parse = (fields: Record<string, unknown>) =>
  parseTranscriptionFields({ model: 'whisper-1', ...fields });

const errorOf = (fields: Record<string, unknown>): WhosaidError | undefined => {
  try {
    parseTranscriptionFields(fields);
  } catch (error) {
    assert.ok(error instanceof WhosaidError, String(error));
    assert.doesNotMatch(error.message, /\{\w+\}/, 'a parameter of the message was not filled');
    return error;
  }
  return undefined;
};

/** What the model alone means. */
const defaults = {
  task: 'transcribe',
  model: 'whisper-1',
  language: undefined,
  languages: undefined,
  prompt: undefined,
  keywords: undefined,
  responseFormat: 'json',
  granularities: [],
  logprobs: false,
  vad: undefined,
  enhance: undefined,
  enhanceFor: undefined,
  inverseNormalisation: undefined,
  spellingCorrection: undefined,
  stream: false,
  progress: false,
  speakers: {},
};

describe('fields of a transcription request', () => {
  it('have defaults where only the model is given', () => {
    assert.deepEqual(parse({}), defaults);
  });

  it('are read as what they mean', () => {
    assert.deepEqual(
      parse({
        language: 'en',
        prompt: ' Vocabulary: Zyx ',
        keywords: ['Zyx', ' Paul & Mary '],
        response_format: 'verbose_json',
        temperature: '0.2',
        timestamp_granularities: ['word', 'segment'],
        include: ['logprobs'],
        chunking_strategy: { type: 'server_vad', threshold: '0.4' },
        inverse_text_normalization: 'No',
        spelling_correction: 'TRUE',
        stream: 'True',
        anything: 'else',
      }),
      {
        ...defaults,
        language: 'en',
        prompt: ' Vocabulary: Zyx ',
        keywords: ['Zyx', 'Paul & Mary'],
        responseFormat: 'verbose_json',
        granularities: ['word', 'segment'],
        logprobs: true,
        vad: { threshold: 0.4 },
        inverseNormalisation: false,
        spellingCorrection: true,
        stream: true,
      },
    );
  });

  it('are those of a translation where that is the task', () => {
    const fields = parseTranscriptionFields({ model: 'whisper-1' }, { task: 'translate' });
    assert.deepEqual(fields, { ...defaults, task: 'translate' });
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

  it('take languages as codes and names, each once; none of them means any', () => {
    const { languages } = parse({ languages: ['de', 'German', '', 'auto', 'French'] });
    assert.deepEqual(languages, ['de', 'fr']);
    assert.equal(parse({ languages: 'auto' }).languages, undefined);
    assert.equal(parse({ languages: ['de'], language: 'auto' }).language, undefined);
  });

  it('count empty values as not sent, as the SDK for Python does not send them', () => {
    const texts = ['prompt', 'response_format', 'temperature', 'stream', 'chunking_strategy'];
    const lists = ['timestamp_granularities', 'include', 'languages', 'keywords'];
    const empty = Object.fromEntries([
      ...texts.map((name) => [name, '']),
      ...lists.map((name) => [name, ['', ' ']]),
      ['chunking_strategy.type', ''],
      ['extra_body', ''],
    ]);
    assert.deepEqual(parse(empty), defaults);
  });

  it('ask for progress in a stream, and may say that it is not wanted', () => {
    assert.equal(parse({ stream: 'true', progress: 'True' }).progress, true);
    assert.equal(parse({ progress: 'false' }).progress, false);
  });

  it('take the last of a repeated value', () => {
    assert.equal(parse({ model: ['a', 'b'] }).model, 'b');
  });

  for (const word of ['word', ['word'], [['word']], [[['word'], ['']]]]) {
    it(`take a list in as many brackets as it was given: ${JSON.stringify(word)}`, () => {
      const fields = { response_format: 'verbose_json', timestamp_granularities: word };
      assert.deepEqual(parse(fields).granularities, ['word']);
    });
  }

  it('take a list that was sent under several of its names', () => {
    const fields = { keywords: 'a', 'keywords[][]': ['b', 'c'], 'keywords[][][]': 'd' };
    assert.deepEqual(parse(fields).keywords, ['a', 'b', 'c', 'd']);
  });

  for (const [key, fields, param] of [
    ['model_missing', {}],
    ['model_missing', { model: ' ' }],
    ['field_invalid', { model: { id: 'x' } }, 'model'],
    ['field_invalid', { model: 'x', temperature: '-0.1' }, 'temperature'],
    ['field_invalid', { model: 'x', temperature: 'NaN' }, 'temperature'],
    ['field_invalid', { model: 'x', stream: 'maybe' }, 'stream'],
    ['field_invalid', { model: 'x', timestamp_granularities: [{ a: 'b' }] }],
    ['response_format_unsupported', { model: 'x', response_format: 'JSON' }],
    ['granularity_unsupported', { model: 'x', timestamp_granularities: 'words' }],
    ['granularity_needs_verbose_json', { model: 'x', timestamp_granularities: 'word' }],
    ['language_unknown', { model: 'x', language: 'xx' }, 'language'],
    ['language_unknown', { model: 'x', languages: ['de', 'xx'] }, 'languages'],
    ['progress_needs_stream', { model: 'x', progress: 'true' }, 'progress'],
    ['progress_needs_stream', { model: 'x', progress: 'true', stream: 'false' }, 'progress'],
    ['languages_contradict', { model: 'x', language: 'de', languages: ['fr'] }, 'languages'],
    ['keyword_invalid', { model: 'x', keywords: ['fine', 'a<b'] }, 'keywords'],
    ['keyword_invalid', { model: 'x', keywords: 'a\r\nb' }, 'keywords'],
    ['include_unsupported', { model: 'x', include: ['logprobs', 'usage'] }, 'include'],
    ['logprobs_need_json', { model: 'x', include: 'logprobs', response_format: 'srt' }, 'include'],
    ['known_speakers_unpaired', { model: 'x', known_speaker_names: ['a'] }],
  ] as [string, Record<string, unknown>, string?][]) {
    it(`give ${key} for ${JSON.stringify(fields)}`, () => {
      const error = errorOf(fields);
      assert.equal(error?.key, key);
      assert.equal(error?.status, 400);
      if (param !== undefined) assert.equal(error?.param, param);
    });
  }

  for (const fields of [
    { timestamp_granularities: 'segment' },
    { response_format: 'diarized_json' },
    { num_speakers: '2' },
    { diarize: 'false', known_speaker_names: [''] },
    { extra_body: ' ' },
    { temperature: '0.2' },
    { include: 'logprobs', response_format: 'verbose_json', stream: 'true' },
  ]) {
    it(`are accepted: ${JSON.stringify(fields)}`, () => {
      assert.equal(errorOf({ model: 'x', ...fields }), undefined);
    });
  }

  it('are quoted in messages only as far as it helps to recognise them', () => {
    for (const fields of [
      { response_format: 'x'.repeat(1000) },
      { chunking_strategy: { type: 'x'.repeat(1000) } },
      { include: 'x'.repeat(1000) },
    ]) {
      assert.throws(
        () => parse(fields),
        (error: Error) => error.message.length < 250,
      );
    }
  });
});
