import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Resampler } from '#services/enhance/vocals/resample.js';

const tone = (hertz: number, { rate, length }: { rate: number; length: number }) =>
  Float32Array.from({ length }, (_, at) => 0.5 * Math.sin((2 * Math.PI * hertz * at) / rate));

/** Root mean square of the difference away from the ends, of full scale. */
function difference(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  const edge = 200;
  for (let at = edge; at < one.length - edge; at++) sum += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2;
  return Math.sqrt(sum / (one.length - 2 * edge));
}

describe('the conversion of sample rates', () => {
  const up = new Resampler({ fromHertz: 16_000, toHertz: 44_100 });
  const down = new Resampler({ fromHertz: 44_100, toHertz: 16_000 });

  for (const hertz of [50, 1000, 5000, 7000])
    it(`leaves a tone of ${hertz} Hz where and as loud as it was`, () => {
      const raised = up.run(tone(hertz, { rate: 16_000, length: 16_000 }));
      const expected = tone(hertz, { rate: 44_100, length: 44_100 });
      assert.equal(raised.length, 44_100);
      assert.ok(difference(raised, expected) < 1e-4);
      const back = down.run(raised);
      assert.equal(back.length, 16_000);
      assert.ok(difference(back, tone(hertz, { rate: 16_000, length: 16_000 })) < 1e-4);
    });

  it('lets nothing through that the lower rate cannot hold', () => {
    const lowered = down.run(tone(12_000, { rate: 44_100, length: 44_100 }));
    assert.ok(difference(lowered, new Float32Array(lowered.length)) < 1e-4);
  });

  it('takes any length', () => {
    for (const length of [0, 1, 7, 161]) {
      const raised = up.run(new Float32Array(length).fill(0.1));
      assert.equal(raised.length, Math.ceil((length * 441) / 160));
      assert.ok(down.run(raised).length >= length);
    }
  });
});
