import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  clipStretches,
  coActivity,
  joinStretches,
  secondsOf,
  sharedSeconds,
} from '#services/diarization/stretches.js';
import { seededRandom } from '../../../bench/support/random.js';
import { from } from './made-voices.js';

describe('joinStretches', () => {
  it('joins what is less than the gap apart, and keeps what is the gap apart', () => {
    const apart = [from(0, 1), from(1.25, 2), from(2.5, 3)];
    assert.deepEqual(joinStretches(apart, 0.5), [from(0, 2), from(2.5, 3)]);
  });

  it('orders by start and joins what overlaps, also a stretch inside another', () => {
    assert.deepEqual(joinStretches([from(5, 6), from(1, 4), from(2, 3), from(3.5, 4.5)], 0), [
      from(1, 4.5),
      from(5, 6),
    ]);
  });

  it('leaves what only touches apart when the gap is 0', () => {
    assert.deepEqual(joinStretches([from(0, 1), from(1, 2)], 0), [from(0, 1), from(1, 2)]);
  });

  it('changes nothing that it was given', () => {
    const given = [from(1, 2), from(0, 1.5)];
    joinStretches(given, 1);
    assert.deepEqual(given, [from(1, 2), from(0, 1.5)]);
    assert.deepEqual(joinStretches([], 1), []);
  });
});

describe('clipStretches', () => {
  it('keeps what lies inside, cut at both ends, and nothing of no length', () => {
    const all = [from(0, 1), from(0, 3), from(3, 4), from(4, 9), from(5, 6), from(6, 7)];
    assert.deepEqual(clipStretches(all, { from: 1, to: 6 }), [
      from(1, 3),
      from(3, 4),
      from(4, 6),
      from(5, 6),
    ]);
  });
});

describe('sharedSeconds', () => {
  it('sums what lies in both lists', () => {
    const shared = sharedSeconds([from(0, 2), from(3, 6)], [from(1, 4), from(5, 5.5), from(7, 8)]);
    assert.equal(shared, 1 + 1 + 0.5);
  });

  it('is the same as counting steps of a hundredth of a second, for stretches by chance', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 50; round++) {
      const lists = [0, 1].map(() =>
        joinStretches(
          Array.from({ length: 8 }, () => {
            const start = Math.floor(random() * 900) / 100;
            return from(start, start + Math.ceil(random() * 100) / 100);
          }),
          0.001,
        ),
      );
      const [one = [], other = []] = lists;
      const inside = (list: typeof one, time: number) =>
        list.some(({ start, end }) => start < time && time < end);
      let steps = 0;
      for (let step = 0; step < 1100; step++) {
        const time = (step + 0.5) / 100;
        if (inside(one, time) && inside(other, time)) steps++;
      }
      assert.ok(Math.abs(sharedSeconds(one, other) - steps / 100) < 1e-6);
      assert.ok(Math.abs(sharedSeconds(other, one) - steps / 100) < 1e-6);
    }
  });
});

describe('coActivity', () => {
  it('is 1 for the same times, 0 for different ones, and the shared part of all between', () => {
    assert.equal(coActivity([from(0, 2)], [from(0, 2)]), 1);
    assert.equal(coActivity([from(0, 2)], [from(2, 4)]), 0);
    assert.equal(coActivity([from(0, 2)], [from(1, 4)]), 0.25);
  });

  it('says nothing where less than 0.34 s are heard in all', () => {
    assert.equal(coActivity([], []), undefined);
    assert.equal(coActivity([from(1, 1.33)], [from(1, 1.33)]), undefined);
    assert.equal(coActivity([from(1, 1.2)], [from(2, 2.1)]), undefined);
    assert.equal(coActivity([from(1, 1.35)], [from(1, 1.35)]), 1);
    assert.equal(coActivity([from(1, 1.2)], [from(2, 2.2)]), 0);
  });
});

describe('secondsOf', () => {
  it('counts each stretch by itself', () => {
    assert.equal(secondsOf([from(0, 2), from(1, 2)]), 3);
    assert.equal(secondsOf([]), 0);
  });
});
