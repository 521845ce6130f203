import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Reading } from '#services/transcription/second-pass.js';
import { misheardLanguages } from '#services/transcription/settle-language.js';

const reading = (start: number, end: number, language: string, text = 'something'): Reading => ({
  segment: { start, end, spans: [{ start, end, probability: 0.9 }] },
  recognised: { text, words: [], tokens: [], avgLogprob: 0, temperature: 0, language },
});

describe('languages of short segments', () => {
  it('are taken to be that of most of the window', () => {
    const short = reading(20, 21, 'cy');
    assert.deepEqual(misheardLanguages([reading(0, 12, 'de'), short, reading(22, 23, 'de')]), {
      language: 'de',
      readings: [short],
    });
  });

  it('are believed in longer segments, and where nothing longer tells', () => {
    assert.equal(misheardLanguages([reading(0, 12, 'de'), reading(12, 18, 'fr')]), undefined);
    assert.equal(misheardLanguages([reading(0, 3, 'de'), reading(3, 5, 'fr')]), undefined);
    assert.equal(misheardLanguages([]), undefined);
  });

  it('do not matter where nothing was said', () => {
    assert.equal(misheardLanguages([reading(0, 12, 'de'), reading(12, 13, 'fr', '')]), undefined);
  });
});
