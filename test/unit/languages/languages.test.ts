import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadCatalogue } from '#services/model-manager/catalogue.js';
import { languageCodes, languageName, parseLanguage } from '#utils/languages/languages.js';

const catalogue = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));

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

  it('are all those that models of the catalogue know, each with a name', () => {
    const known = catalogue.entries.flatMap((entry) => entry.languages);
    const unknown = [...new Set(known)].filter((code) => parseLanguage(code) !== code);
    assert.deepEqual(unknown, []);
    for (const code of known) assert.notEqual(languageName(code), code);
  });

  it('are found by their three letters, also where those have changed or mean a part of them', () => {
    const pairs = { deu: 'de', ger: 'de', ces: 'cs', lvs: 'lv', khk: 'mn', zul: 'zu', swh: 'sw' };
    for (const [text, code] of Object.entries(pairs)) assert.equal(parseLanguage(text), code, text);
  });

  it('have lowercase English names', () => {
    assert.equal(languageName('en'), 'english');
    for (const code of languageCodes) assert.match(languageName(code), /^[a-z][a-z ]+$/);
  });
});
