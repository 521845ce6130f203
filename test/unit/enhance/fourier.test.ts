import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RealFourier } from '#services/enhance/vocals/fourier.js';
import { SpectrogramTransform } from '#services/enhance/vocals/spectrogram.js';

/** The definition of the transform, term by term. */
function bySum(frame: Float64Array): { real: number[]; imaginary: number[] } {
  const bins = Array.from({ length: frame.length / 2 + 1 }, (_, bin) => bin);
  const sum = (bin: number, part: (angle: number) => number) =>
    frame.reduce(
      (total, value, at) => total + value * part((2 * Math.PI * bin * at) / frame.length),
      0,
    );
  return {
    real: bins.map((bin) => sum(bin, Math.cos)),
    imaginary: bins.map((bin) => -sum(bin, Math.sin)),
  };
}

function madeUp(length: number): Float64Array {
  return Float64Array.from(
    { length },
    (_, at) => Math.sin(at * at * 0.37) + 0.3 * Math.cos(at / 3),
  );
}

function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  assert.equal(one.length, other.length);
  return Array.from(one).reduce(
    (most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? 0))),
    0,
  );
}

describe('the Fourier transform of separation models', () => {
  for (const size of [64, 96, 80, 240, 12])
    it(`is what its definition says for ${size} samples`, () => {
      const fourier = new RealFourier(size);
      const frame = madeUp(size);
      const found = {
        real: new Float64Array(fourier.bins),
        imaginary: new Float64Array(fourier.bins),
      };
      fourier.forward(frame, found);
      const expected = bySum(frame);
      assert.ok(largestDifference(found.real, expected.real) < 1e-9);
      assert.ok(largestDifference(found.imaginary, expected.imaginary) < 1e-9);
    });

  for (const size of [4096, 5120, 6144, 7680])
    it(`comes back for frames of ${size} samples`, () => {
      const fourier = new RealFourier(size);
      const frame = madeUp(size);
      const found = {
        real: new Float64Array(fourier.bins),
        imaginary: new Float64Array(fourier.bins),
      };
      fourier.forward(frame, found);
      const back = new Float64Array(size);
      fourier.inverse(found, back);
      assert.ok(largestDifference(back, frame) < 1e-9);
    });

  it('refuses an odd length', () => {
    assert.throws(() => new RealFourier(6145), RangeError);
  });
});

describe('a spectrogram', () => {
  const transform = new SpectrogramTransform({ frameSamples: 6144, hopSamples: 1024 });

  for (const length of [1, 1000, 6144, 50_001])
    it(`gives back a signal of ${length} samples to its very ends`, () => {
      const signal = Float32Array.from(madeUp(length));
      const back = transform.inverse(transform.forward(signal), length);
      assert.ok(largestDifference(back, signal) < 1e-5);
    });

  it('has a tone in the bin of its frequency', () => {
    const bin = 100;
    const tone = Float32Array.from({ length: 20_000 }, (_, at) =>
      Math.sin((2 * Math.PI * bin * at) / 6144),
    );
    const { frames, bins, real, imaginary } = transform.forward(tone);
    const at = Math.floor(frames / 2) * bins;
    const loudness = Array.from({ length: bins }, (_, index) =>
      Math.hypot(real[at + index] ?? 0, imaginary[at + index] ?? 0),
    );
    assert.equal(loudness.indexOf(Math.max(...loudness)), bin);
  });
});
