import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  scoreSpeakerWords,
  wordsOfSegments,
  wordsOfTurns,
} from '../../../bench/scoring/speaker-words.js';

const words = (streams: Record<string, string>) =>
  new Map(Object.entries(streams).map(([name, text]) => [name, text.split(' ').filter(Boolean)]));

/** Substitutions, deletions, insertions, rate. */
const counts = (reference: Record<string, string>, hypothesis: Record<string, string>) => {
  const errors = scoreSpeakerWords({ reference: words(reference), hypothesis: words(hypothesis) });
  return [errors.substitutions, errors.deletions, errors.insertions, errors.rate];
};

describe('cpWER', () => {
  it('does not depend on names', () => {
    assert.deepEqual(counts({ A: 'a b c', B: 'd e' }, { x: 'd e', y: 'a b c' }), [0, 0, 0, 0]);
  });

  it('counts words given to the wrong speaker twice: missing here, too many there', () => {
    assert.deepEqual(counts({ A: 'a b', B: 'c d' }, { x: 'a', y: 'b c d' }), [0, 1, 1, 0.5]);
  });

  it('does not let words cross from speaker to speaker, however well they would fit in a row', () => {
    // "the cat" against "the cat sat": one insertion. "sat on" against "on": one deletion.
    assert.deepEqual(
      counts({ A: 'the cat', B: 'sat on' }, { x: 'the cat sat', y: 'on' }),
      [0, 1, 1, 0.5],
    );
  });

  it('counts all words of a speaker who was not found as deleted', () => {
    assert.deepEqual(counts({ A: 'a', B: 'b', C: 'c d' }, { x: 'a', y: 'b' }), [0, 2, 0, 0.5]);
  });

  it('counts all words of a speaker who is none as inserted', () => {
    assert.deepEqual(
      counts({ A: 'a b', B: 'c d' }, { x: 'a b', y: 'c d', z: 'e f' }),
      [0, 0, 2, 0.5],
    );
  });

  it('chooses the partners with the fewest errors in all, also who is left over', () => {
    // x with A: 1 error; y with A: 1 substitution and 2 insertions against 1 left-over word of x.
    assert.deepEqual(counts({ A: 'a b' }, { x: 'z', y: 'a e f' }), [1, 0, 2, 1.5]);
  });

  it('is 0 for silence, and beyond 1 when more was invented than was said', () => {
    assert.equal(counts({}, {})[3], 0);
    assert.equal(counts({ A: 'a' }, { x: 'a b c' })[3], 2);
    assert.equal(counts({}, { x: 'a' })[3], Number.POSITIVE_INFINITY);
    assert.deepEqual(counts({ A: 'a b' }, {}), [0, 2, 0, 1]);
  });
});

describe('words of speakers', () => {
  it('are taken from turns in order of time and normalised', () => {
    const found = wordsOfTurns([
      { speaker: 'B', start: 2, text: 'Twenty-one, please.' },
      { speaker: 'A', start: 5, text: 'Yes.' },
      { speaker: 'A', start: 0, text: "Who's  there?" },
    ]);
    assert.deepEqual(
      [...found],
      [
        ['A', ["who's", 'there', 'yes']],
        ['B', ['21', 'please']],
      ],
    );
  });

  it('are taken from words, from their segment where they say nothing, and kept when they are nobody’s', () => {
    const word = (text: string, speaker?: string) => ({
      text,
      start: 0,
      end: 1,
      confidence: 1,
      ...(speaker !== undefined && { speaker }),
    });
    const segment = {
      id: 0,
      start: 0,
      end: 1,
      text: '',
      tokens: [],
      temperature: 0,
      avgLogprob: 0,
      compressionRatio: 1,
      noSpeechProb: 0,
    };
    const found = wordsOfSegments([
      { ...segment, speaker: 'A', words: [word('One'), word('two.', 'B')] },
      { ...segment, words: [word('Three')] },
    ]);
    assert.deepEqual([...found.values()], [['1'], ['2'], ['3']]);
    assert.deepEqual([...found.keys()].slice(0, 2), ['A', 'B']);
  });
});
