import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideSpeakers, type SpeakerWishes } from '#src/routes/speaker-decision.js';
import type { SpeakerFields } from '#src/routes/speaker-fields.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const known: SpeakerFields = {
  known: [{ name: 'Alice', base64: 'AAAA' }],
  asking: 'known_speaker_names',
};
const count: SpeakerFields = { count: { max: 3 }, asking: 'max_speakers' };
const split: SpeakerFields = { channels: { names: ['Left', 'Right'] }, asking: 'channels' };

/** What a request gets: by whom, `+` with detail; or the error and its field. */
const decide = (wishes: Partial<SpeakerWishes>): string => {
  try {
    const { by, detail } = decideSpeakers({
      fields: {},
      responseFormat: 'json',
      modelAsks: false,
      mode: 'auto',
      ...wishes,
    });
    return `${by}${detail ? '+' : ''}`;
  } catch (error) {
    assert.ok(error instanceof WhosaidError, String(error));
    assert.equal(error.status, 400);
    return `${error.key} ${error.param}`;
  }
};

describe('speakers are given', () => {
  // What the request says, then the outcome for each setting.
  const rows: [string, Partial<SpeakerWishes>, string, string, string][] = [
    ['nothing', {}, 'nobody', 'voices+', 'nobody'],
    ['a format', { responseFormat: 'srt' }, 'nobody', 'voices+', 'nobody'],
    [
      'diarized_json',
      { responseFormat: 'diarized_json' },
      'voices',
      'voices+',
      'speakers_disabled response_format',
    ],
    ['a -diarize id', { modelAsks: true }, 'voices', 'voices+', 'speakers_disabled model'],
    [
      'a -diarize id and vtt',
      { modelAsks: true, responseFormat: 'vtt' },
      'voices',
      'voices+',
      'speakers_disabled model',
    ],
    [
      'known speakers',
      { fields: known },
      'voices',
      'voices+',
      'speakers_disabled known_speaker_names',
    ],
    [
      'diarize=true',
      { fields: { diarize: true } },
      'voices+',
      'voices+',
      'speakers_disabled diarize',
    ],
    [
      'diarize=true and known speakers',
      { fields: { ...known, diarize: true } },
      'voices+',
      'voices+',
      'speakers_disabled diarize',
    ],
    ['a count', { fields: count }, 'voices+', 'voices+', 'speakers_disabled max_speakers'],
    ['channels=split', { fields: split }, 'channels+', 'channels+', 'speakers_disabled channels'],
    [
      'channels=split, diarize=true and diarized_json',
      { fields: { ...split, diarize: true }, responseFormat: 'diarized_json' },
      'channels+',
      'channels+',
      'speakers_disabled diarize',
    ],
    ['diarize=false', { fields: { diarize: false } }, 'nobody', 'nobody', 'nobody'],
    [
      'diarize=false and a -diarize id',
      { fields: { diarize: false }, modelAsks: true },
      'nobody',
      'nobody',
      'nobody',
    ],
    ...(
      [
        ['diarized_json', { fields: { diarize: false }, responseFormat: 'diarized_json' }],
        ['known speakers', { fields: { ...known, diarize: false } }],
        ['a count', { fields: { ...count, diarize: false } }],
        ['channels=split', { fields: { ...split, diarize: false } }],
      ] as const
    ).map(([what, wishes]): [string, Partial<SpeakerWishes>, string, string, string] => {
      const refused = 'fields_contradict diarize';
      return [`diarize=false and ${what}`, wishes, refused, refused, refused];
    }),
  ];
  for (const [what, wishes, auto, always, never] of rows) {
    for (const [mode, expected] of Object.entries({ auto, always, never })) {
      it(`for ${what} where the setting is ${mode}: ${expected}`, () => {
        assert.equal(decide({ ...wishes, mode: mode as SpeakerWishes['mode'] }), expected);
      });
    }
  }

  it('or refused with a sentence that names both fields that contradict each other', () => {
    assert.throws(
      () =>
        decideSpeakers({
          fields: { diarize: false },
          responseFormat: 'diarized_json',
          modelAsks: true,
          mode: 'auto',
        }),
      /diarize=false and response_format=diarized_json contradict each other/,
    );
  });
});
