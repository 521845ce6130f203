import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { languageCodes, languageName, parseLanguage } from '#utils/languages/languages.js';

describe('languages', () => {
  it('are found by code and by name, in any case', () => {
    for (const text of ['de', 'DE', 'german', 'German', ' german ']) {
      assert.equal(parseLanguage(text), 'de');
    }
  });

  it('are found by other names, other codes and regional tags', () => {
    const pairs = {
      castilian: 'es',
      iw: 'he',
      eng: 'en',
      'pt-BR': 'pt',
      en_US: 'en',
      'zh-Hans-CN': 'zh',
      mandarin: 'zh',
      'haitian creole': 'ht',
    };
    for (const [text, code] of Object.entries(pairs)) assert.equal(parseLanguage(text), code, text);
  });

  it('are undefined for what is no language', () => {
    for (const text of ['', 'xx', 'klingon', 'e', 'auto'])
      assert.equal(parseLanguage(text), undefined, text);
  });

  it('keep their code through name and back', () => {
    assert.equal(languageCodes.length, new Set(languageCodes).size);
    for (const code of languageCodes) assert.equal(parseLanguage(languageName(code)), code);
  });

  it('have lowercase English names', () => {
    assert.equal(languageName('en'), 'english');
    for (const code of languageCodes) assert.match(languageName(code), /^[a-z][a-z ]+$/);
  });
});
