import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layOut } from '#src/web/transcript/blocks.js';
import { noEdits } from '#src/web/transcript/edits.js';
import {
  findAll,
  matchesWithin,
  nearestMatch,
  searchIndex,
} from '#src/web/transcript/search-index.js';
import { conversation, spoken, transcriptOf } from './transcripts.js';

const indexOf = (text: string) =>
  searchIndex(layOut(transcriptOf([spoken(0, 0, text)]), noEdits).pieces);
const find = (text: string, query: string) => {
  const { first, last } = findAll(indexOf(text), query);
  return [...first].map((word, at) => [word, last[at]]);
};

describe('search in a transcript', () => {
  it('minds neither capitals nor accents nor punctuation around words', () => {
    assert.deepEqual(find('Naïve «café» owners', 'NAIVE CAFE'), [[0, 1]]);
    assert.deepEqual(find('yes, but no', 'yes but'), [[0, 1]]);
    assert.deepEqual(find('a straße İstanbul', 'istan'), [[2, 2]]);
    assert.deepEqual(find('that is 3.5 percent.', '3.5 percent'), [[2, 3]]);
    assert.deepEqual(find('well — now', 'well now'), [[0, 2]]);
  });

  it('finds parts of words and what goes over several', () => {
    assert.deepEqual(find('more on electricity', 'n elec'), [[1, 2]]);
    assert.deepEqual(find('banana ban', 'an'), [
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
  });

  it('finds nothing for nothing', () => {
    for (const query of ['', '  ', '?', 'zebra']) assert.deepEqual(find('one two', query), []);
    assert.deepEqual(find('', 'one'), []);
  });

  it('goes over the border between two turns', () => {
    const index = searchIndex(layOut(conversation(), noEdits).pieces);
    const { first, last } = findAll(index, 'mostly in theory');
    assert.deepEqual([[...first], [...last]], [[5], [7]]);
  });

  it('goes over words that no blank parts', () => {
    const words = ['今日', 'は'].map((text) => ({ text, isApart: false }));
    assert.deepEqual([...findAll(searchIndex(words), '日は').first], [0]);
  });

  it('knows which places lie in a paragraph, and the nearest one', () => {
    const matches = { first: Uint32Array.of(1, 4, 9), last: Uint32Array.of(2, 6, 9) };
    assert.deepEqual(matchesWithin(matches, { from: 0, to: 0 }), [0, 0]);
    assert.deepEqual(matchesWithin(matches, { from: 2, to: 5 }), [0, 2]);
    assert.deepEqual(matchesWithin(matches, { from: 6, to: 20 }), [1, 3]);
    assert.deepEqual(
      [0, 5, 10].map((word) => nearestMatch(matches, word)),
      [0, 2, 0],
    );
  });
});
