import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measureNoise, NoiseGate } from '#services/enhance/noise-gate.js';
import { makeNoise, mix, type Noise } from '../../../bench/enhance/noises.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { withNoise } from '../../support/noisy.js';

const speech = fixturePcm('two-speakers-clean').subarray(0, 10 * 16_000);

describe('the ratio of speech to noise', () => {
  it('falls with the noise', () => {
    const ratios = [30, 15, 10, 5, 0].map(
      (decibels) => measureNoise(withNoise(speech, { decibels }))?.ratio,
    );
    for (const [index, ratio = Number.NaN] of ratios.entries())
      assert.ok(ratio < (ratios[index - 1] ?? Number.POSITIVE_INFINITY), ratios.join(', '));
  });

  it('is not known of silence, and not of a few samples', () => {
    assert.equal(measureNoise(new Int16Array(16_000)), undefined);
    assert.equal(measureNoise(new Int16Array(0)), undefined);
    assert.equal(measureNoise(Int16Array.of(9000, -9000)), undefined);
  });

  it('comes with the unrest of the noise: small for steady noise, large for other people talking', () => {
    const { length } = speech;
    const others = fixturePcm('three-speakers-reverb');
    const unrestIn = (kind: Noise) => {
      const noise = makeNoise(kind, { length, speech: others });
      const mixed = mix(speech, { noise, decibels: 0, isSpeech: () => true });
      return measureNoise(mixed)?.unrest ?? Number.NaN;
    };
    assert.ok(unrestIn('hiss') < 1);
    assert.ok(unrestIn('pink') < 2);
    assert.ok(unrestIn('babble') > 2, `${unrestIn('babble')} dB`);
  });

  it('does not depend on how loud a recording is', () => {
    const noisy = withNoise(speech, { decibels: 5 });
    const quiet = noisy.map((value) => value / 4);
    const [loud, soft] = [measureNoise(noisy), measureNoise(quiet)];
    assert.ok(loud && soft && Math.abs(loud.ratio - soft.ratio) < 0.5);
  });
});

describe('the gate of the denoiser', () => {
  const options = { closesBelow: 10, opensAbove: 14, mostUnrest: 2 };
  /** Speech that stands so far above its noise, as the gate measures it. */
  const at = (decibels: number) => {
    const floor = 100;
    const loud = floor * 10 ** (decibels / 20);
    return Int16Array.from(
      { length: 16_000 },
      (_, index) => (index < 8000 ? loud : floor) * (index % 2 === 0 ? 1 : -1),
    );
  };

  it('goes over to noisy below one limit and back to clean above the other', () => {
    const gate = new NoiseGate(options);
    const decisions = [20, 12, 9, 12, 13, 15, 12].map((decibels) => gate.isNoisy(at(decibels)));
    assert.deepEqual(decisions, [false, false, true, true, true, false, false]);
  });

  it('leaves silence as it is and remembers what was before it', () => {
    const gate = new NoiseGate(options);
    assert.equal(gate.isNoisy(at(5)), true);
    assert.equal(gate.isNoisy(new Int16Array(16_000)), false);
    assert.equal(gate.isNoisy(at(12)), true);
  });
});
