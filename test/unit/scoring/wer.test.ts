import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alignWords, sumWordErrors } from '../../../bench/scoring/wer.js';

const errors = (reference: string, hypothesis: string) =>
  alignWords(reference.split(' ').filter(Boolean), hypothesis.split(' ').filter(Boolean));

const counts = (reference: string, hypothesis: string) => {
  const { substitutions, deletions, insertions, rate } = errors(reference, hypothesis);
  return { substitutions, deletions, insertions, rate };
};

describe('word errors', () => {
  it('are none for equal texts', () => {
    assert.deepEqual(counts('a b c', 'a b c'), {
      substitutions: 0,
      deletions: 0,
      insertions: 0,
      rate: 0,
    });
  });

  it('count one of each kind', () => {
    // a→a, b→x, c deleted, d→d, e inserted
    assert.deepEqual(counts('a b c d', 'a x d e'), {
      substitutions: 1,
      deletions: 1,
      insertions: 1,
      rate: 3 / 4,
    });
  });

  it('count a swap of two words as two', () => {
    assert.equal(counts('a b', 'b a').rate, 1);
  });

  it('count everything as deleted when nothing was recognised', () => {
    assert.deepEqual(counts('a b c', ''), {
      substitutions: 0,
      deletions: 3,
      insertions: 0,
      rate: 1,
    });
  });

  it('are beyond 1 when more is invented than was said', () => {
    assert.equal(counts('a', 'a b c').rate, 2);
    assert.equal(counts('', 'a').rate, Number.POSITIVE_INFINITY);
    assert.equal(counts('', '').rate, 0);
  });

  it('take the alignment with the fewest errors, not the first one found', () => {
    // kitten/sitting by letters: 2 substitutions, 1 insertion.
    const { substitutions, deletions, insertions } = errors('k i t t e n', 's i t t i n g');
    assert.deepEqual([substitutions, deletions, insertions], [2, 0, 1]);
  });

  it('prefer matches among alignments with equally many errors', () => {
    // Either two substitutions, or one deletion and one insertion with a match between them.
    assert.deepEqual(
      errors('a b', 'b c').steps.map((step) => step.kind),
      ['deletion', 'match', 'insertion'],
    );
  });

  it('give steps that walk through both texts once and in order', () => {
    const { steps } = errors('the cat sat on the mat', 'a cat on on that mat today');
    assert.deepEqual(
      steps.flatMap((step) => step.reference ?? []),
      [0, 1, 2, 3, 4, 5],
    );
    assert.deepEqual(
      steps.flatMap((step) => step.hypothesis ?? []),
      [0, 1, 2, 3, 4, 5, 6],
    );
  });

  it('of several recordings are weighed by their words, not averaged', () => {
    const sum = sumWordErrors([errors('a', 'b'), errors('a b c d e f g h i', 'a b c d e f g h i')]);
    assert.equal(sum.rate, 1 / 10);
    assert.equal(sum.referenceWords, 10);
  });
});
