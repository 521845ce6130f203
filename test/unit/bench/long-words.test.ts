import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alignLongWords } from '../../../bench/scoring/long-words.js';

/** Twenty minutes: a turn of ten words every ten seconds, each word different from its neighbours. */
const turns = Array.from({ length: 120 }, (_, index) => ({
  speaker: index % 2 === 0 ? 'A' : 'B',
  start: index * 10,
  end: index * 10 + 8,
  text: Array.from({ length: 10 }, (_, word) => `w${(index * 10 + word) % 97}x`).join(' '),
}));
const words = turns.flatMap(({ start, text }) =>
  text.split(' ').map((word, at) => ({
    text: word,
    start: start + at * 0.8,
    end: start + (at + 1) * 0.8,
  })),
);

describe('words of a long recording', () => {
  it('are aligned piece by piece as in one', () => {
    const heard = words
      .filter((_, at) => at % 100 !== 7)
      .map((word, at) => (at % 200 === 50 ? { ...word, text: 'wrong' } : word));
    const { errors, reference, hypothesis } = alignLongWords(turns, heard);
    assert.equal(errors.referenceWords, 1200);
    assert.deepEqual([errors.deletions, errors.insertions, errors.substitutions], [12, 0, 6]);
    assert.equal(errors.rate, 18 / 1200);
    for (const step of errors.steps) {
      if (step.kind !== 'match') continue;
      assert.equal(reference[step.reference]?.text, hypothesis[step.hypothesis]?.text);
      const apart = (reference[step.reference]?.at ?? 0) - (hypothesis[step.hypothesis]?.at ?? 99);
      assert.ok(Math.abs(apart) < 1e-6);
    }
  });

  it('keep their turn and their word', () => {
    const { reference, hypothesis } = alignLongWords(turns, words);
    assert.equal(reference.length, 1200);
    assert.equal(reference[1195]?.turn, turns[119]);
    assert.equal(hypothesis[1195]?.word, words[1195]);
  });

  it('that are heard after the last turn are insertions', () => {
    const { errors } = alignLongWords(turns, [...words, { text: 'more', start: 1300, end: 1301 }]);
    assert.equal(errors.insertions, 1);
  });
});
