import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSpeakerFields } from '#src/routes/speaker-fields.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const errorOf = (fields: Record<string, unknown>): WhosaidError | undefined => {
  try {
    parseSpeakerFields(fields);
  } catch (error) {
    assert.ok(error instanceof WhosaidError, String(error));
    assert.doesNotMatch(error.message, /\{\w+\}/, 'a parameter of the message was not filled');
    return error;
  }
  return undefined;
};

const url = (base64 = 'UklGRg==') => `data:audio/wav;base64,${base64}`;
const many = (count: number) => Array.from({ length: count }, (_, index) => `Speaker ${index}`);

describe('fields about speakers', () => {
  for (const [what, fields, expected] of [
    ['nothing', {}, {}],
    ['fields of other things', { model: 'x', extra_body: 'text' }, {}],
    ['the switch', { diarize: 'True' }, { diarize: true }],
    ['the switch turned off', { diarize: '0' }, { diarize: false }],
    ['the last of a repeated switch', { diarize: ['false', 'on'] }, { diarize: true }],
    [
      'an exact count',
      { num_speakers: ' 2 ' },
      { count: { min: 2, max: 2 }, asking: 'num_speakers' },
    ],
    ['a lower bound', { min_speakers: '2' }, { count: { min: 2 }, asking: 'min_speakers' }],
    ['an upper bound', { max_speakers: '50' }, { count: { max: 50 }, asking: 'max_speakers' }],
    [
      'both bounds',
      { min_speakers: '2', max_speakers: '2' },
      { count: { min: 2, max: 2 }, asking: 'min_speakers' },
    ],
    [
      'an exact count within bounds',
      { num_speakers: '3', min_speakers: '2', max_speakers: '4' },
      { count: { min: 3, max: 3 }, asking: 'num_speakers' },
    ],
    [
      'known voices, names without the white space around them',
      { known_speaker_names: [' Alice ', 'Bob'], known_speaker_references: [url(), url('AAAA')] },
      {
        known: [
          { name: 'Alice', base64: 'UklGRg==' },
          { name: 'Bob', base64: 'AAAA' },
        ],
        asking: 'known_speaker_names',
      },
    ],
    [
      'one known voice without brackets',
      { known_speaker_names: 'Alice', known_speaker_references: url() },
      { known: [{ name: 'Alice', base64: 'UklGRg==' }], asking: 'known_speaker_names' },
    ],
    [
      'empty texts as not sent',
      {
        diarize: '',
        num_speakers: ' ',
        min_speakers: [''],
        channels: '',
        known_speaker_names: ['', ' '],
        known_speaker_references: [''],
      },
      {},
    ],
    [
      'a pair of empty texts among others as not sent',
      { known_speaker_names: ['', 'Bob'], known_speaker_references: ['', url()] },
      { known: [{ name: 'Bob', base64: 'UklGRg==' }], asking: 'known_speaker_names' },
    ],
    ['channels mixed, as ever', { channels: 'mix' }, {}],
    [
      'channels split',
      { channels: 'Split' },
      { channels: { names: ['Left', 'Right'] }, asking: 'channels' },
    ],
    [
      'channels split with names',
      { channels: 'split', known_speaker_names: ['Agent ', 'Customer'] },
      { channels: { names: ['Agent', 'Customer'] }, asking: 'channels' },
    ],
    [
      'channels split with one name',
      { channels: 'split', known_speaker_names: ['', 'Customer'] },
      { channels: { names: ['Left', 'Customer'] }, asking: 'channels' },
    ],
    [
      'names of any script, as long as is allowed',
      { channels: 'split', known_speaker_names: ['王'.repeat(64), '😀'.repeat(64)] },
      { channels: { names: ['王'.repeat(64), '😀'.repeat(64)] }, asking: 'channels' },
    ],
  ] as const) {
    it(`are read: ${what}`, () => assert.deepEqual(parseSpeakerFields(fields), expected));
  }

  for (const [what, fields, key, param, message] of [
    [
      'a switch that is neither on nor off',
      { diarize: 'maybe' },
      'field_invalid',
      'diarize',
      /maybe/,
    ],
    ['no speakers', { num_speakers: '0' }, 'field_invalid', 'num_speakers', /1 to 50.*'0'/],
    ['a count in words', { num_speakers: 'two' }, 'field_invalid', 'num_speakers', /'two'/],
    ['a broken count', { num_speakers: '2.5' }, 'field_invalid', 'num_speakers', /'2\.5'/],
    ['a negative count', { min_speakers: '-1' }, 'field_invalid', 'min_speakers', /'-1'/],
    ['more speakers than a meeting has', { max_speakers: '51' }, 'field_invalid', 'max_speakers'],
    ['a nested count', { num_speakers: { a: '2' } }, 'field_invalid', 'num_speakers', /nested/],
    [
      'bounds that cross',
      { min_speakers: '4', max_speakers: '2' },
      'speaker_counts_contradict',
      'min_speakers',
      /min_speakers=4 and max_speakers=2/,
    ],
    [
      'a count below its lower bound',
      { num_speakers: '2', min_speakers: '3' },
      'speaker_counts_contradict',
      'num_speakers',
      /num_speakers=2 and min_speakers=3/,
    ],
    [
      'a count above its upper bound',
      { num_speakers: '5', max_speakers: '4' },
      'speaker_counts_contradict',
      'num_speakers',
    ],
    [
      'names without references',
      { known_speaker_names: ['Alice', 'Bob'] },
      'known_speakers_unpaired',
      'known_speaker_references',
      /2 names and 0 references/,
    ],
    [
      'references without names',
      { known_speaker_references: [url()] },
      'known_speakers_unpaired',
      'known_speaker_names',
      /0 names and 1 references/,
    ],
    [
      'a name and a reference that do not belong together',
      { known_speaker_names: ['Alice', ''], known_speaker_references: ['', url()] },
      'known_speakers_unpaired',
      'known_speaker_names',
    ],
    [
      'five names',
      { known_speaker_names: many(5), known_speaker_references: many(5).map(() => url()) },
      'known_speakers_unpaired',
      'known_speaker_names',
      /at most 4/,
    ],
    [
      'a name twice',
      {
        known_speaker_names: ['Zoe\u0308', 'Bob', ' Zo\u00eb'],
        known_speaker_references: [url(), url(), url()],
      },
      'known_speaker_repeated',
      'known_speaker_names',
      /number 3/,
    ],
    [
      'a name that is too long',
      { known_speaker_names: ['x'.repeat(65)], known_speaker_references: [url()] },
      'field_invalid',
      'known_speaker_names',
      /1 to 64 printable characters.*65/,
    ],
    [
      'a name with a line break',
      { known_speaker_names: ['A\n\nB'], known_speaker_references: [url()] },
      'field_invalid',
      'known_speaker_names',
      /line breaks or control characters/,
    ],
    [
      'a nested name',
      { known_speaker_names: { a: 'b' } },
      'field_invalid',
      'known_speaker_names',
      /nested/,
    ],
    ...(
      [
        ['hello', 'not a data URL'],
        ['https://example.org/a.wav', 'not a data URL'],
        ['UklGRg==', 'not a data URL'],
        ['data:audio/wav,RIFF', 'a data URL without ;base64'],
        ['data:audio/wav;base64,', 'empty'],
        ['data:audio/wav;base64,%%%', 'not base64'],
      ] as const
    ).map(
      ([reference, received]) =>
        [
          `a reference that is ${received}: ${reference}`,
          { known_speaker_names: ['A', 'B'], known_speaker_references: [url(), reference] },
          'known_speaker_not_data_url',
          'known_speaker_references',
          new RegExp(`number 2 is ${received}`),
        ] as const,
    ),
    ['channels of another kind', { channels: 'left' }, 'field_invalid', 'channels', /'left'/],
    [
      'channels split with a count',
      { channels: 'split', max_speakers: '2' },
      'fields_contradict',
      'max_speakers',
      /channels=split and max_speakers contradict/,
    ],
    [
      'channels split with references',
      { channels: 'split', known_speaker_names: ['A'], known_speaker_references: [url()] },
      'fields_contradict',
      'known_speaker_references',
    ],
    [
      'channels split with three names',
      { channels: 'split', known_speaker_names: ['A', 'B', 'C'] },
      'field_invalid',
      'known_speaker_names',
      /at most two names.*3/,
    ],
    [
      'channels split with the name of the other channel',
      { channels: 'split', known_speaker_names: ['Right'] },
      'known_speaker_repeated',
      'known_speaker_names',
    ],
  ] as [string, Record<string, unknown>, string, string, RegExp?][]) {
    it(`are refused: ${what}`, () => {
      const error = errorOf(fields);
      assert.deepEqual([error?.key, error?.param], [key, param]);
      assert.equal(error?.status, 400);
      if (message !== undefined) assert.match(error?.message ?? '', message);
    });
  }
});
