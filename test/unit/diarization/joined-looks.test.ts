import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joinLooks } from '#services/diarization/joined-looks.js';

/** Classes: 0 nobody, 1 to 3 one slot, 4 to 6 slots 0 and 1, 0 and 2, 1 and 2. */
function lookOf(classes: readonly number[], certainty = 0.94): Float32Array {
  return Float32Array.from({ length: classes.length * 7 }, (_, at) =>
    classes[Math.floor(at / 7)] === at % 7 ? certainty : (1 - certainty) / 6,
  );
}

describe('looks at the same frames', () => {
  it('say by themselves who speaks, as bits of slots', () => {
    const own = { probabilities: lookOf([0, 1, 2, 3, 4, 5, 6]) };
    assert.deepEqual([...joinLooks(own, [])], [0, 1, 2, 4, 3, 5, 6]);
  });

  it('are of the same voices where slots are active at the same times, whatever their numbers', () => {
    const own = { probabilities: lookOf([1, 1, 1, 2, 2, 2, 0, 0]) };
    // The same two voices as slots 2 and 0.
    const other = { probabilities: lookOf([3, 3, 3, 1, 1, 1, 0, 0]), shift: 0 };
    assert.deepEqual([...joinLooks(own, [other])], [1, 1, 1, 2, 2, 2, 0, 0]);
  });

  it('hear together what one of them is not sure of', () => {
    const unsure = lookOf([1, 1, 1, 1, 1, 1]);
    // Frame 5: hardly more likely silent, for the window alone.
    unsure.set([0.68, 0.3, 0.004, 0.004, 0.004, 0.004, 0.004], 5 * 7);
    const own = { probabilities: unsure };
    assert.deepEqual([...joinLooks(own, [])], [1, 1, 1, 1, 1, 0]);
    const other = { probabilities: lookOf([1, 1, 1, 1, 1, 1]), shift: 0 };
    assert.deepEqual([...joinLooks(own, [other])], [1, 1, 1, 1, 1, 1]);
  });

  it('count only where windows share sound', () => {
    const own = { probabilities: lookOf([1, 1, 1, 0, 0, 0]) };
    const later = { probabilities: lookOf([0, 1, 1, 1, 1, 1], 0.999), shift: 3 };
    assert.deepEqual([...joinLooks(own, [later])].slice(0, 3), [1, 1, 1]);
    const before = { probabilities: lookOf([1, 1, 1, 1, 1, 1]), shift: -3 };
    assert.deepEqual([...joinLooks(own, [before])].slice(3), [0, 0, 0]);
  });
});
