import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  BLOCK_SAMPLES,
  BLOCK_WINDOWS,
  centreOf,
  FRAME_SECONDS,
  frameTime,
  HOP_SAMPLES,
  HOP_SECONDS,
  WINDOW_SAMPLES,
  WINDOW_SECONDS,
  windowsFor,
} from '#services/diarization/windows.js';

describe('windowsFor', () => {
  it('needs one window up to its length, and another for one sample more', () => {
    assert.deepEqual([0, 1, WINDOW_SAMPLES, WINDOW_SAMPLES + 1].map(windowsFor), [1, 1, 1, 2]);
    const second = WINDOW_SAMPLES + HOP_SAMPLES;
    assert.deepEqual([second, second + 1].map(windowsFor), [2, 3]);
  });

  it('gives a full block its windows', () => {
    assert.equal(windowsFor(BLOCK_SAMPLES), BLOCK_WINDOWS);
    assert.equal(windowsFor(BLOCK_SAMPLES + 1), BLOCK_WINDOWS + 1);
  });

  it('covers every sample, and no window begins behind the last one', () => {
    for (let samples = 1; samples < 6 * WINDOW_SAMPLES; samples += 7919) {
      const last = (windowsFor(samples) - 1) * HOP_SAMPLES;
      assert.ok(last + WINDOW_SAMPLES >= samples, `${samples}`);
      assert.ok(last < samples, `${samples}`);
    }
  });
});

describe('centreOf', () => {
  it('parts the time between neighbours without gap or overlap, and reaches both ends', () => {
    const count = 4;
    const parts = Array.from({ length: count }, (_, index) => {
      const { from, to } = centreOf({ first: index === 0, last: index === count - 1 });
      return [index * HOP_SECONDS + from, index * HOP_SECONDS + to];
    });
    assert.deepEqual(parts, [
      [0, 7.5],
      [7.5, 12.5],
      [12.5, 17.5],
      [17.5, (count - 1) * HOP_SECONDS + WINDOW_SECONDS],
    ]);
  });

  it('is all of a window that is first and last', () => {
    assert.deepEqual(centreOf({ first: true, last: true }), { from: 0, to: WINDOW_SECONDS });
  });
});

describe('frameTime', () => {
  it('is the middle of what a frame hears: 991 samples, 270 from one to the next', () => {
    assert.equal(frameTime(0), 991 / 2 / 16_000);
    assert.ok(Math.abs(frameTime(100) - frameTime(0) - 100 * FRAME_SECONDS) < 1e-9);
    // The model has 589 frames in 10 s: the last one ends with the window.
    const lastEnd = frameTime(588) + 991 / 2 / 16_000;
    assert.ok(lastEnd <= WINDOW_SECONDS && lastEnd > WINDOW_SECONDS - FRAME_SECONDS);
  });
});
