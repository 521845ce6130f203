import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { partsOf, samplesOf } from '../../../bench/long/timeline.js';

/** Progress in steps of 30 s of audio: 10x until second 60, then 5x until 120. The work begins at 1000 ms. */
const points = [
  { atMs: 500, audioSeconds: 0 },
  { atMs: 4000, audioSeconds: 30 },
  { atMs: 5000, audioSeconds: 30 },
  { atMs: 7000, audioSeconds: 60 },
  { atMs: 13_000, audioSeconds: 90 },
  { atMs: 19_000, audioSeconds: 120 },
];
const span = { points, seconds: 120, startMs: 1000, endMs: 20_000 };

describe('parts of a long recording', () => {
  it('begin with the work, end with the answer and follow progress in between', () => {
    const parts = partsOf({ ...span, partSeconds: 30 });
    assert.deepEqual(
      parts.map(({ fromMs, toMs }) => [fromMs, toMs]),
      [
        [1000, 4000],
        [4000, 7000],
        [7000, 13_000],
        [13_000, 20_000],
      ],
    );
    assert.deepEqual(
      parts.map(({ speed }) => Number(speed.toFixed(2))),
      [10, 10, 5, 4.29],
    );
  });

  it('may end between two points of progress', () => {
    const [first, second, third] = partsOf({ ...span, partSeconds: 40 });
    assert.equal(first?.toMs, 5000);
    assert.equal(second?.toMs, 11_000);
    assert.deepEqual([third?.from, third?.to], [80, 120]);
  });

  it('are not thrown off by progress that is told only with the answer', () => {
    const parts = partsOf({ ...span, points: points.slice(0, 4), partSeconds: 60 });
    assert.deepEqual(
      parts.map(({ fromMs, toMs }) => [fromMs, toMs]),
      [
        [1000, 7000],
        [7000, 20_000],
      ],
    );
  });

  it('have the samples that were taken meanwhile, each in one part', () => {
    const samples = [900, 1000, 6999, 7000, 19_999].map((atMs) => ({ atMs }));
    const [one, two] = partsOf({ ...span, partSeconds: 60 });
    assert.ok(one && two);
    assert.deepEqual(
      samplesOf(samples, one).map(({ atMs }) => atMs),
      [1000, 6999],
    );
    assert.deepEqual(
      samplesOf(samples, two).map(({ atMs }) => atMs),
      [7000, 19_999],
    );
  });
});
