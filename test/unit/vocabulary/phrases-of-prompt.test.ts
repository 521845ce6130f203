import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { phrasesOfPrompt } from '#services/vocabulary/phrases-of-prompt.js';

describe('the vocabulary in a prompt', () => {
  it('is a list as it stands, without entries of common words', () => {
    assert.deepEqual(phrasesOfPrompt('Fiona Whitlock, Kestrel; GTCRN, the house.'), [
      'Fiona Whitlock',
      'Kestrel',
      'GTCRN',
    ]);
    assert.deepEqual(phrasesOfPrompt('Whitlock'), ['Whitlock']);
  });

  it('is the names of a text, those that follow each other as one', () => {
    const prompt =
      "Yesterday we met Fiona Whitlock at Kestrel's office. Everybody liked the iPhone app. Then Priya, Moreno and I left.";
    assert.deepEqual(phrasesOfPrompt(prompt), [
      'Fiona Whitlock',
      'Kestrel',
      'iPhone',
      'Priya',
      'Moreno',
    ]);
  });

  it('is empty where nothing is a name', () => {
    for (const prompt of ['', ' ', 'And then we went to the house again. It was late.', '...'])
      assert.deepEqual(phrasesOfPrompt(prompt), []);
  });
});
