import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseLanguage } from '#services/asr/whisper/choose-language.js';
import { isSpeech } from '#services/asr/whisper/non-speech.js';

const known = ['en', 'de', 'fr'];

describe('the language that Whisper decodes in', () => {
  it('is the one asked for, or the only candidate', () => {
    assert.equal(chooseLanguage({ language: 'de' }, known).language, 'de');
    assert.equal(chooseLanguage({ languages: ['fr'] }, known).language, 'fr');
  });

  it('is whatever is heard where nothing is asked for', () => {
    const choice = chooseLanguage({}, known);
    assert.equal(choice.language, undefined);
    assert.ok(choice.accepts('fr'));
  });

  it('is the one heard if it is a candidate, else the first candidate', () => {
    const choice = chooseLanguage({ languages: ['de', 'en'] }, known);
    assert.deepEqual(
      [choice.language, choice.accepts('en'), choice.accepts('fr'), choice.otherwise],
      [undefined, true, false, 'de'],
    );
  });

  it('is none that the model does not know', () => {
    assert.equal(chooseLanguage({ languages: ['yue', 'de'] }, known).language, 'de');
    assert.ok(chooseLanguage({ languages: ['yue'] }, known).accepts('fr'));
  });
});

describe('what Whisper writes where nothing is said', () => {
  it('is no speech: notes in brackets, music, dots', () => {
    for (const text of [
      '[BLANK_AUDIO]',
      '(music)',
      '♪ la la ♪',
      '*sighs*',
      '...',
      '（笑）',
      '',
      '♪',
    ])
      assert.equal(isSpeech(text), false, text);
  });

  it('is speech where there are words besides', () => {
    for (const text of ['Yes.', '(laughs) Yes.', '[one] two [three]', '你好', '42'])
      assert.equal(isSpeech(text), true, text);
  });
});
