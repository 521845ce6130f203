import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  columnColours,
  columnPeaks,
  NO_COLOUR,
  peaksOf,
  windowAround,
} from '#src/web/transcript/wave-columns.js';

describe('columns of a waveform', () => {
  it('have the colour of whoever speaks longest in them', () => {
    const spans = [
      { start: 0, end: 1.2, colour: 3 },
      { start: 1.2, end: 2.1, colour: 5 },
      { start: 9, end: 20, colour: 1 },
    ];
    const colours = columnColours(spans, { window: { from: 0, to: 10 }, columns: 10 });
    const none = Array(6).fill(NO_COLOUR);
    assert.deepEqual([...colours], [3, 5, 5, ...none, 1]);
    const part = columnColours(spans, { window: { from: 1, to: 2 }, columns: 2 });
    assert.deepEqual([...part], [5, 5]);
    assert.deepEqual(
      [...columnColours(spans, { window: { from: 0, to: 0 }, columns: 2 })],
      [-1, -1],
    );
  });

  it('are as high as the loudest sample in them, of the loudest of all', () => {
    const samples = Float32Array.of(0, -0.5, 0.1, 0.2, 0, 0, 0.25, 0);
    const other = Float32Array.of(0, 0, 0, 0, 0.125, 0, 0, 0);
    assert.equal(peaksOf([samples, other], 4)[2], 0.125);
    const peaks = peaksOf([samples], 4);
    assert.deepEqual(
      [...peaks].map((peak) => Math.round(peak * 100)),
      [50, 20, 0, 25],
    );
    const options = { window: { from: 0, to: 8 }, columns: 2, duration: 8 };
    assert.deepEqual([...columnPeaks(peaks, options)], [1, 0.5]);
    assert.equal(columnPeaks(new Float32Array(4), options)[0], 0);
  });

  it('show a part of the recording and never what is outside', () => {
    const options = { length: 20, duration: 100 };
    assert.deepEqual(windowAround(50, options), { from: 40, to: 60 });
    assert.deepEqual(windowAround(1, options), { from: 0, to: 20 });
    assert.deepEqual(windowAround(99, options), { from: 80, to: 100 });
    assert.deepEqual(windowAround(1, { length: 20, duration: 5 }), { from: 0, to: 5 });
  });
});
