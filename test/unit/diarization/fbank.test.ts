import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createFbank, type Fbank } from '#services/diarization/fbank.js';
import { fixturePcm } from '../../support/fixture-pcm.js';

/** Kaldi's recipe word for word, frame by frame, with a plain Fourier transform. */
function slowFbank(frame: Int16Array): number[] {
  const samples = Array.from(frame);
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const centred = samples.map((value) => value - mean);
  const emphasised = centred.map((value, at) => value - 0.97 * (centred[Math.max(0, at - 1)] ?? 0));
  const windowed = emphasised.map((value, at) => {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / (samples.length - 1));
    return value * hann ** 0.85;
  });
  const power = Array.from({ length: 256 }, (_, bin) => {
    let [real, imaginary] = [0, 0];
    windowed.forEach((value, at) => {
      real += value * Math.cos((2 * Math.PI * bin * at) / 512);
      imaginary -= value * Math.sin((2 * Math.PI * bin * at) / 512);
    });
    return real ** 2 + imaginary ** 2;
  });
  const mel = (hertz: number) => 1127 * Math.log(1 + hertz / 700);
  const [low, high] = [mel(20), mel(8000)];
  return Array.from({ length: 80 }, (_, band) => {
    const edge = (number: number) => low + ((high - low) * number) / 81;
    const [left, centre, right] = [edge(band), edge(band + 1), edge(band + 2)];
    const energy = power.reduce((sum, value, bin) => {
      const at = mel((bin * 16_000) / 512);
      const up = (at - left) / (centre - left);
      const down = (right - at) / (right - centre);
      return sum + value * Math.max(0, Math.min(up, down));
    }, 0);
    return Math.log(Math.max(energy, 1.1920928955078125e-7));
  });
}

describe('fbank', () => {
  let fbank: Fbank;
  before(async () => {
    fbank = await createFbank({ threads: 1 });
  });
  after(() => fbank.dispose());

  it('is what Kaldi’s recipe gives, for frames of speech, of a pause and of the loudest buzz', async () => {
    const speech = fixturePcm('two-speakers-clean');
    const buzz = Int16Array.from({ length: 16_000 }, (_, at) => (at % 75 < 37 ? 32_767 : -32_768));
    for (const [samples, seconds] of [
      [speech, 1.5],
      [speech, 12],
      [fixturePcm('three-speakers-reverb'), 0.1],
      [buzz, 0],
    ] as const) {
      const part = samples.subarray(seconds * 16_000, seconds * 16_000 + 400 + 5 * 160);
      const { frames, data } = await fbank.run(part);
      assert.equal(frames, 6);
      for (const frame of [0, 5]) {
        const expected = slowFbank(part.subarray(frame * 160, frame * 160 + 400));
        expected.forEach((value, band) => {
          const got = data[frame * 80 + band] ?? 0;
          assert.ok(
            Math.abs(got - value) < 0.01,
            `${seconds} s, band ${band}: ${got}, not ${value}`,
          );
        });
      }
    }
  });

  it('has the floor’s logarithm in silence', async () => {
    const { data } = await fbank.run(new Int16Array(400));
    for (const value of data) assert.ok(Math.abs(value - Math.log(1.1920928955078125e-7)) < 1e-4);
  });

  it('has a frame each 10 ms, of 25 ms that are there to their end', async () => {
    const frames = async (count: number) => (await fbank.run(new Int16Array(count))).frames;
    assert.deepEqual(
      [await frames(399), await frames(400), await frames(559), await frames(560)],
      [0, 1, 1, 2],
    );
    assert.equal(await frames(0), 0);
    assert.equal(await frames(16_000), 98);
  });
});
