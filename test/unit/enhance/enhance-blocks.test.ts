import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enhanceBlocks } from '#services/enhance/enhance-blocks.js';
import type { Enhancement, EnhanceService } from '#services/enhance/types.js';
import { joinSamples } from '#utils/signal/pcm.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { withNoise } from '../../support/noisy.js';

const RATE = 16_000;
const clean = fixturePcm('two-speakers-clean').subarray(0, 34.56 * RATE);
const noisy = withNoise(clean, { decibels: 0 });

async function* cut(samples: Int16Array, length: number): AsyncGenerator<Int16Array, string, void> {
  for (let at = 0; at < samples.length; at += length) yield samples.slice(at, at + length);
  return 'the end';
}

/** What comes out, and what the service was given. */
async function run(
  blocks: AsyncGenerator<Int16Array, unknown, void>,
  {
    kind = 'denoise',
    change = (value: number) => value,
  }: {
    kind?: Enhancement;
    change?: (value: number) => number;
  } = {},
) {
  const asked: number[] = [];
  const service: EnhanceService = {
    async enhance(samples) {
      asked.push(samples.length);
      return samples.map(change);
    },
  };
  const { signal } = new AbortController();
  const enhanced = enhanceBlocks({ blocks, kind, service, signal });
  const found: Int16Array[] = [];
  for (;;) {
    const { done, value } = await enhanced.next();
    if (done) return { samples: joinSamples(found), asked, result: value };
    found.push(value);
  }
}

describe('enhancing the blocks of a chunk', () => {
  it('gives back every sample in its place where the service changes nothing', async () => {
    const { samples, result } = await run(cut(noisy, 12_345));
    assert.deepEqual(samples, noisy);
    assert.equal(result, 'the end');
  });

  it('does not depend on how the audio is divided', async () => {
    const change = (value: number) => value >> 1;
    const whole = await run(cut(noisy, noisy.length), { change });
    for (const length of [333, 16_000, 170_001]) {
      const parts = await run(cut(noisy, length), { change });
      assert.deepEqual(parts.samples, whole.samples);
      assert.deepEqual(parts.asked, whole.asked);
    }
  });

  it('has no more than twelve seconds at work at a time', async () => {
    const { asked } = await run(cut(noisy, 4000));
    assert.equal(asked.length, 4);
    assert.ok(asked.every((length) => length <= 11.5 * RATE));
  });

  it('goes over softly from what is enhanced to what is not', async () => {
    // Steady sound in which only the middle step is noisy.
    const level = 8000;
    const steps = Int16Array.from({ length: 30 * RATE }, (_, at) => {
      const isSpeech = Math.floor(at / RATE) % 2 === 0;
      const isMiddle = at >= 10 * RATE && at < 20 * RATE;
      return isSpeech ? level : isMiddle ? level / 2 : 8;
    });
    const { samples, asked } = await run(cut(steps, RATE), { change: () => 0 });
    assert.equal(asked.length, 1);
    assert.equal(samples[9.99 * RATE], 8);
    assert.equal(samples[15 * RATE], 0);
    assert.ok(samples.subarray(10.06 * RATE, 20 * RATE).every((value) => value === 0));
    const border = samples.subarray(20 * RATE, 20.05 * RATE);
    const jumps = border.map((value, at) => Math.abs(value - (border[at - 1] ?? value)));
    assert.ok(Math.max(...jumps) <= Math.ceil(level / (0.05 * RATE)) + 1);
  });

  it('does not ask for clean audio to be denoised, and asks for all of it where music is to go', async () => {
    const denoised = await run(cut(clean, RATE));
    assert.deepEqual(denoised.asked, []);
    assert.deepEqual(denoised.samples, clean);
    assert.equal((await run(cut(clean, RATE), { kind: 'vocals' })).asked.length, 4);
  });

  it('takes a chunk without audio, and one of a few samples', async () => {
    assert.equal((await run(cut(new Int16Array(0), 10))).samples.length, 0);
    const few = Int16Array.from({ length: 50 }, (_, at) => at * 300);
    assert.deepEqual((await run(cut(few, 7), { kind: 'vocals' })).samples, few);
  });

  it('ends the blocks of who leaves early, and of a service that fails', async () => {
    let ended = 0;
    async function* endless(): AsyncGenerator<Int16Array, void, void> {
      try {
        for (;;) yield noisy.slice(0, RATE);
      } finally {
        ended += 1;
      }
    }
    const { signal } = new AbortController();
    const service: EnhanceService = { enhance: async (samples) => samples };
    for await (const _ of enhanceBlocks({ blocks: endless(), kind: 'vocals', service, signal }))
      break;
    assert.equal(ended, 1);
    const failing: EnhanceService = {
      enhance: () => Promise.reject(new Error('no engine')),
    };
    const work = enhanceBlocks({ blocks: endless(), kind: 'vocals', service: failing, signal });
    await assert.rejects(work.next(), /no engine/);
    assert.equal(ended, 2);
  });
});
