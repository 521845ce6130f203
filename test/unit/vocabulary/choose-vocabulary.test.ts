import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadCatalogue } from '#services/model-manager/catalogue.js';
import { chooseVocabulary, type VocabularyWishes } from '#src/choose-vocabulary.js';

const catalogue = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));

function choose(
  wishes: VocabularyWishes,
  { model = 'whisper-base', setting = false, language = '' } = {},
) {
  return chooseVocabulary(wishes, {
    entry: catalogue.entryOf(model),
    settings: { spellingCorrection: setting },
    ...(language !== '' && { language }),
  });
}

const names = { keywords: ['Whitlock'] };

describe('what becomes of prompt and keywords', () => {
  it('is nothing where neither was sent', () => {
    assert.deepEqual(choose({}, { setting: true }), { recognition: {} });
    assert.match(choose({ spellingCorrection: true }).applied ?? '', /^none; reason="neither/);
  });

  it('is hotwords for a model that can be told words, whatever is wished for besides', () => {
    for (const wish of [undefined, true, false])
      assert.deepEqual(
        choose({ ...names, spellingCorrection: wish }, { model: 'parakeet-tdt-0.6b-v3' }),
        { recognition: { keywords: ['Whitlock'] }, applied: 'hotwords' },
      );
  });

  it('is a correction elsewhere, if the request wants it, else if the operator does', () => {
    const spelling = { recognition: { spelling: ['Whitlock'] }, applied: 'spelling' };
    assert.deepEqual(choose({ ...names, spellingCorrection: true }), spelling);
    assert.deepEqual(choose(names, { setting: true }), spelling);
    for (const none of [
      choose(names),
      choose({ ...names, spellingCorrection: false }, { setting: true }),
    ]) {
      assert.deepEqual(none.recognition, {});
      assert.match(none.applied ?? '', /^none; reason="whisper-base cannot be told words/);
    }
  });

  it('takes the names of a prompt for keywords, or gives the prompt to a model that reads it', () => {
    const prompt = 'We met Fiona Whitlock.';
    assert.deepEqual(choose({ prompt, spellingCorrection: true }).recognition, {
      spelling: ['Fiona Whitlock'],
    });
    const reader = catalogue.entries.find(({ capabilities }) => capabilities.prompt);
    if (reader !== undefined) {
      const { recognition, applied } = choose({ prompt, ...names }, { model: reader.id });
      assert.equal(recognition.prompt, prompt);
      assert.match(applied ?? '', /^prompt/);
    }
  });

  it('is nothing where words are written without spaces between them', () => {
    const wishes = { ...names, spellingCorrection: true };
    assert.match(choose(wishes, { language: 'ja' }).applied ?? '', /^none; reason=".*spaces/);
  });

  it('fits into a header', () => {
    for (const { applied } of [choose(names), choose({ ...names, spellingCorrection: true })])
      assert.match(applied ?? '', /^[\x20-\x7e]+$/);
  });
});
