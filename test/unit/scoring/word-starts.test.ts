import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listErrors } from '../../../bench/scoring/list-errors.js';
import {
  clearTurnIndices,
  quantile,
  scoreWords,
  summariseStarts,
  type TimedWord,
} from '../../../bench/scoring/word-starts.js';

const turn = (start: number, end: number, text: string) => ({ speaker: 'A', start, end, text });

/** "hello@1.5 there@2" → words of 0.2 s at these seconds. */
const timed = (text: string): TimedWord[] =>
  text.split(' ').map((item) => {
    const [word = '', at = '0'] = item.split('@');
    return { text: word, start: Number(at), end: Number(at) + 0.2 };
  });

describe('word starts', () => {
  it('are measured at the first word of each turn, whichever direction they are off', () => {
    const { starts, clearTurns } = scoreWords(
      [turn(1, 2, 'Hello there.'), turn(3, 4, 'Good morning!')],
      timed('hello@1.25 there@1.5 good@2.5 morning@3.5'),
    );
    assert.equal(clearTurns, 2);
    assert.deepEqual(
      starts.map((start) => start.errorSeconds),
      [0.25, -0.5],
    );
    assert.deepEqual(summariseStarts(starts), { median: 0.375, p90: 0.475, count: 2 });
  });

  it('leave out turns that another turn overlaps', () => {
    const turns = [
      turn(0, 2, 'one'),
      turn(1.5, 3, 'two'),
      turn(3, 4, 'three'),
      turn(5, 9, 'four'),
      turn(6, 7, 'five'),
    ];
    assert.deepEqual(clearTurnIndices(turns), [2]);
  });

  it('leave out turns whose first word was not recognised', () => {
    const { starts } = scoreWords(
      [turn(1, 2, 'Hello there'), turn(3, 4, 'Good morning')],
      timed('hallo@1 there@1.5 good@3.1 morning@3.5'),
    );
    assert.deepEqual(
      starts.map((start) => start.turn.text),
      ['Good morning'],
    );
  });

  it('take the word of the alignment, not an equal word elsewhere', () => {
    const { starts } = scoreWords(
      [turn(0, 1, 'I know'), turn(2, 3, 'I see')],
      timed('know@0.5 I@2.125 see@2.5'),
    );
    assert.deepEqual(
      starts.map((start) => [start.turn.text, start.errorSeconds]),
      [['I see', 0.125]],
    );
  });

  it('order the reference by turn start, as it is heard', () => {
    const { words } = scoreWords(
      [turn(5, 6, 'second part'), turn(0, 1, 'first part')],
      timed('first@0 part@0.5 second@5 part@5.5'),
    );
    assert.equal(words.rate, 0);
  });

  it('use the time of the first of several words that make one number', () => {
    const { starts, words } = scoreWords(
      [turn(1, 3, '21 days')],
      timed('twenty@1.0625 one@1.5 days@2'),
    );
    assert.equal(words.rate, 0);
    assert.deepEqual(
      starts.map((start) => start.errorSeconds),
      [0.0625],
    );
  });

  it('are counted as none when nothing was recognised', () => {
    const { starts } = scoreWords([turn(0, 1, 'hello')], []);
    assert.deepEqual(summariseStarts(starts), { median: Number.NaN, p90: Number.NaN, count: 0 });
  });
});

describe('quantiles', () => {
  it('lie between neighbours', () => {
    assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
    assert.equal(quantile([0, 10], 0.9), 9);
    assert.equal(quantile([7], 0.9), 7);
  });
});

describe('error listings', () => {
  it('show each run of errors once, with its time and its neighbours', () => {
    const words = timed('we@1 saw@2 the@3 big@3.5 dog@4 today@5');
    const score = scoreWords([turn(1, 6, 'We saw a cat today, yes')], words);
    assert.deepEqual(listErrors(score, words), [
      '3.0 s: we saw [a cat → the big dog] today yes',
      '5.0 s: a cat today [yes → ∅] ∅',
    ]);
  });
});
