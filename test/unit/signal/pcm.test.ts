import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joinSamples } from '#utils/signal/pcm.js';

describe('joinSamples', () => {
  it('puts blocks one after another', () => {
    const blocks = [Int16Array.of(1, 2), new Int16Array(0), Int16Array.of(3)];
    assert.deepEqual(joinSamples(blocks), Int16Array.of(1, 2, 3));
  });

  it('gives a single block back without a copy, and nothing from nothing', () => {
    const block = Int16Array.of(7);
    assert.equal(joinSamples([block]), block);
    assert.equal(joinSamples([]).length, 0);
  });
});
