import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joinSamples } from '#utils/signal/pcm.js';
import { StreamResampler } from '#utils/signal/stream-resampler.js';

const tone = (hertz: number, { rate, seconds = 1 }: { rate: number; seconds?: number }) =>
  Int16Array.from({ length: rate * seconds }, (_, at) =>
    Math.round(16_000 * Math.sin((2 * Math.PI * hertz * at) / rate)),
  );

function convert(samples: Int16Array, { rate, pieces }: { rate: number; pieces: number[] }) {
  const resampler = new StreamResampler({ fromHertz: rate, toHertz: 16_000 });
  const output: Int16Array[] = [];
  for (let at = 0, turn = 0; at < samples.length; turn++) {
    const length = pieces[turn % pieces.length] as number;
    output.push(resampler.push(samples.subarray(at, at + length)));
    at += length;
  }
  return joinSamples([...output, resampler.flush()]);
}

/** Greatest difference away from the ends, of full scale. */
function difference(one: Int16Array, other: Int16Array, edge = 100): number {
  let worst = 0;
  for (let at = edge; at < one.length - edge; at++)
    worst = Math.max(worst, Math.abs((one[at] ?? 0) - (other[at] ?? 0)));
  return worst / 32_768;
}

describe('the conversion of sound that comes in pieces', () => {
  for (const rate of [8000, 11_025, 24_000, 44_100, 48_000]) {
    it(`from ${rate} Hz leaves a tone as it was`, () => {
      const hertz = 1000;
      const converted = convert(tone(hertz, { rate }), { rate, pieces: [rate] });
      assert.equal(converted.length, 16_000);
      assert.ok(difference(converted, tone(hertz, { rate: 16_000 })) < 2e-3);
    });

    it(`from ${rate} Hz gives the same samples wherever they were cut`, () => {
      const samples = tone(440, { rate });
      const whole = convert(samples, { rate, pieces: [samples.length] });
      for (const pieces of [[1], [0, 7, 480], [1023], [20_000]])
        assert.deepEqual(convert(samples, { rate, pieces }), whole);
    });
  }

  it('lets nothing through that the lower rate cannot hold', () => {
    const converted = convert(tone(11_000, { rate: 24_000 }), { rate: 24_000, pieces: [960] });
    assert.ok(difference(converted, new Int16Array(converted.length)) < 1e-3);
  });

  it('goes on after a flush without losing or repeating a sample', () => {
    const rate = 24_000;
    const samples = tone(440, { rate });
    const resampler = new StreamResampler({ fromHertz: rate, toHertz: 16_000 });
    const [first, second] = [samples.subarray(0, 2400), samples.subarray(2400)];
    const before = [resampler.push(first), resampler.flush()];
    assert.equal(joinSamples(before).length, 1600);
    const after = [resampler.push(second), resampler.flush()];
    const converted = joinSamples([...before, ...after]);
    assert.equal(converted.length, 16_000);
    const expected = tone(440, { rate: 16_000 });
    // What was still to come was not known at the flush.
    assert.ok(difference(converted.subarray(1650), expected.subarray(1650)) < 2e-3);
    assert.ok(difference(converted.subarray(0, 1550), expected.subarray(0, 1550)) < 2e-3);
  });

  it('gives nothing of nothing', () => {
    const resampler = new StreamResampler({ fromHertz: 24_000, toHertz: 16_000 });
    assert.equal(resampler.push(new Int16Array(0)).length, 0);
    assert.equal(resampler.flush().length, 0);
  });
});
