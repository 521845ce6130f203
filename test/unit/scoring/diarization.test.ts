import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  countHits,
  scoreDiarization,
  sumDiarizationErrors,
} from '../../../bench/scoring/diarization.js';

/** "A 0-10, B 8-12" */
const turns = (text: string) =>
  text
    .split(',')
    .map((turn) => turn.trim())
    .filter((turn) => turn !== '')
    .map((turn) => {
      const [speaker = '', times = ''] = turn.split(' ');
      const [start = 0, end = 0] = times.split('-').map(Number);
      return { speaker, start, end };
    });

const score = (reference: string, hypothesis: string) =>
  scoreDiarization({ reference: turns(reference), hypothesis: turns(hypothesis) });

/** Miss, false alarm, confusion, speech. Sums of decimal fractions are rounded to the microsecond. */
const seconds = (reference: string, hypothesis: string) => {
  const { miss, falseAlarm, confusion, speech } = score(reference, hypothesis);
  return [miss, falseAlarm, confusion, speech].map((value) => Number(value.toFixed(6)));
};

describe('diarization errors', () => {
  it('are none when only the names differ', () => {
    assert.deepEqual(seconds('A 0-10, B 10-20', 'x 10-20, y 0-10'), [0, 0, 0, 20]);
    assert.equal(score('A 0-10, B 10-20', 'x 10-20, y 0-10').rate, 0);
  });

  it('count speech that nobody was heard in as missed', () => {
    assert.deepEqual(seconds('A 0-10', 'x 2-7.5'), [4.5, 0, 0, 10]);
    assert.deepEqual(seconds('A 0-10', ''), [10, 0, 0, 10]);
  });

  it('count silence that somebody was heard in as false alarm', () => {
    assert.deepEqual(seconds('A 1-10', 'x 0-10, y 10-12'), [0, 3, 0, 9]);
  });

  it('count speech of another speaker than the mapped one as confusion', () => {
    // x is A (6 s together against 2 s with B); then B's first 2 s are x's.
    assert.deepEqual(seconds('A 0-6, B 6-12', 'x 0-8, y 8-12'), [0, 0, 2, 12]);
  });

  it('score overlapping speech: each speaker counts', () => {
    // From 4 to 6 two speak and one is heard.
    assert.deepEqual(seconds('A 0-6, B 4-10', 'x 0-6, y 6-10'), [2, 0, 0, 12]);
    // From 4 to 6 one speaks and two are heard.
    assert.deepEqual(seconds('A 0-6, B 6-10', 'x 0-6, y 4-10'), [0, 2, 0, 10]);
  });

  it('count one of two wrong speakers in an overlap as confusion, the other as right', () => {
    // 0-4 A alone, 4-6 A and B; heard from 4 to 6: x (is A) and z, who is nobody: y is B.
    assert.deepEqual(seconds('A 0-6, B 4-6, B 7-10', 'x 0-6, z 4-6, y 7-10'), [0, 0, 2, 11]);
  });

  it('map speakers for the longest agreement in all, not each to its best', () => {
    // Together: A with x 5 and with y 4; B with x 4 and with y 0. A=x, B=y gives 5; A=y, B=x gives 8.
    const reference = 'A 0-9, B 20-24';
    const hypothesis = 'x 0-5, y 5-9, x 20-24';
    assert.deepEqual(seconds(reference, hypothesis), [0, 0, 5, 13]);
  });

  it('use exact times, not frames', () => {
    assert.deepEqual(seconds('A 0-1.0005', 'x 0.0003-1'), [0.0008, 0, 0, 1.0005]);
  });

  it('are all there is when one speaker too few or too many was found', () => {
    assert.deepEqual(seconds('A 0-4, B 4-7, C 7-9', 'x 0-9'), [0, 0, 5, 9]);
    assert.deepEqual(seconds('A 0-9', 'x 0-4, y 4-7, z 7-9'), [0, 0, 5, 9]);
  });

  it('count overlapping or repeated turns of one speaker once, and turns without length not at all', () => {
    assert.deepEqual(seconds('A 0-10, B 3-3', 'x 0-6, x 4-10, x 5-6, y 2-2'), [0, 0, 0, 10]);
    assert.equal(score('A 0-10, B 3-3', 'x 0-1').referenceSpeakers, 1);
  });

  it('are beyond all bounds where nobody speaks and somebody is heard', () => {
    assert.equal(score('', 'x 0-1').rate, Number.POSITIVE_INFINITY);
    assert.equal(score('', '').rate, 0);
  });

  it('of several recordings are weighed by speaker time', () => {
    const sum = sumDiarizationErrors([score('A 0-1', ''), score('A 0-9', 'x 0-9')]);
    assert.equal(sum.rate, 0.1);
    assert.equal(sum.speech, 10);
  });
});

describe('speaker counts', () => {
  it('are those of both sides', () => {
    const { referenceSpeakers, hypothesisSpeakers } = score('A 0-1, B 1-2, A 3-4', 'x 0-1');
    assert.deepEqual([referenceSpeakers, hypothesisSpeakers], [2, 1]);
  });

  it('hit exactly or within one', () => {
    const counts = (referenceSpeakers: number, hypothesisSpeakers: number) => ({
      referenceSpeakers,
      hypothesisSpeakers,
    });
    assert.deepEqual(countHits([counts(2, 2), counts(4, 5), counts(3, 2), counts(6, 8)]), {
      exact: 1,
      withinOne: 3,
    });
  });
});
