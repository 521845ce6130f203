import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findRepetition, withoutLoop } from '#services/asr/repetition.js';
import { halves, joinRecognised, withSilence } from '#services/asr/segment-audio.js';

const times = <T>(count: number, items: readonly T[]): T[] =>
  Array.from({ length: count }, () => items).flat();

describe('findRepetition', () => {
  it('finds a phrase that the end of a text repeats', () => {
    const tokens = [7, 8, ...times(3, [1, 2, 3, 4, 5, 6, 9, 10])];
    assert.deepEqual(findRepetition(tokens), { start: 2, period: 8 });
  });

  it('finds one token said over and over', () => {
    assert.deepEqual(findRepetition([4, ...times(8, [5])]), { start: 1, period: 1 });
  });

  it('lets people say no three times, and a sentence twice', () => {
    assert.equal(findRepetition([1, 2, 2, 2]), undefined);
    assert.equal(findRepetition(times(2, [1, 2, 3, 4, 5, 6, 7, 8])), undefined);
  });

  it('takes two rounds for a loop in a text that was stopped, and the longest of several loops', () => {
    const stopped = { stopped: true };
    assert.deepEqual(findRepetition([...times(3, [1, 2, 3]), 1, 2], stopped), {
      start: 0,
      period: 3,
    });
    assert.deepEqual(findRepetition([9, ...times(3, [1, 2, 2])], stopped), { start: 1, period: 3 });
    assert.equal(findRepetition([1, 2, 3, 4], stopped), undefined);
  });

  it('finds nothing in an empty text', () => {
    assert.equal(findRepetition([]), undefined);
  });
});

describe('withoutLoop', () => {
  /** Tokens, each with a time that goes with it. */
  const said = (tokens: readonly number[], ended: boolean) => ({
    tokens,
    ended,
    times: tokens.map((_, index) => index),
  });
  const cut = (decoded: ReturnType<typeof said>) =>
    withoutLoop(decoded, (count) => ({
      tokens: decoded.tokens.slice(0, count),
      times: decoded.times.slice(0, count),
    }));

  it('keeps the first round, with what goes with it', () => {
    const { tokens, times: kept } = cut(said([7, 8, ...times(3, [1, 2, 3, 4, 5, 6, 9, 10])], true));
    assert.deepEqual(tokens, [7, 8, 1, 2, 3, 4, 5, 6, 9, 10]);
    assert.equal(kept.length, tokens.length);
  });

  it('takes two rounds for a loop where the decoder was stopped', () => {
    assert.deepEqual(cut(said([9, 1, 2, 3, 1, 2, 3], false)).tokens, [9, 1, 2, 3]);
    const whole = said([9, 1, 2, 3, 1, 2, 3], true);
    assert.equal(cut(whole), whole);
  });
});

describe('halves', () => {
  it('cuts at the quietest place of the middle third, losing no sample', () => {
    const samples = new Int16Array(48_000).fill(1000);
    samples.fill(0, 26_000, 27_000);
    const [first, second] = halves({ samples });
    assert.ok(first.samples.length >= 26_000 && first.samples.length <= 27_000);
    assert.equal(first.samples.length + second.samples.length, samples.length);
  });
});

describe('withSilence', () => {
  it('puts silence on both sides', () => {
    const { samples } = withSilence({ samples: Int16Array.of(5, 6) }, 1 / 16_000);
    assert.deepEqual([...samples], [0, 5, 6, 0]);
  });
});

describe('joinRecognised', () => {
  const part = (text: string, avgLogprob: number) => ({
    text,
    words: text === '' ? [] : [{ text, start: 0.5, end: 1, confidence: 1 }],
    tokens: text === '' ? [] : [9],
    avgLogprob,
    temperature: 0,
    language: 'en',
  });

  it('moves word times by where the part begins and weighs log probabilities by tokens', () => {
    const joined = joinRecognised([
      { recognised: part('one', -0.2), offset: 0 },
      { recognised: part('', -0.5), offset: 2 },
      { recognised: part('two', -0.4), offset: 4 },
    ]);
    assert.equal(joined.text, 'one two');
    assert.deepEqual(
      joined.words.map(({ start }) => start),
      [0.5, 4.5],
    );
    // Two parts of a token and its end token, one of the end token alone.
    assert.equal(joined.avgLogprob.toFixed(6), ((-0.2 * 2 - 0.5 - 0.4 * 2) / 5).toFixed(6));
  });
});
