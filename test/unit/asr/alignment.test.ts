import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alignTokens } from '#services/asr/moonshine/align.js';
import { wordsOfTokens } from '#services/asr/moonshine/words.js';

/** Attention in which token t looks at frames [from, to). */
function attention(looks: readonly (readonly [number, number])[], frames: number): Float32Array {
  const weights = new Float32Array(looks.length * frames).fill(0.01);
  looks.forEach(([from, to], token) => {
    weights.fill(1, token * frames + from, token * frames + to);
  });
  return weights;
}

describe('alignTokens', () => {
  it('finds the frames that each token looks at', () => {
    const looks = [
      [0, 4],
      [4, 5],
      [5, 10],
    ] as const;
    assert.deepEqual(alignTokens(attention(looks, 10), 3, 10), [
      { start: 0, end: 4 },
      { start: 4, end: 5 },
      { start: 5, end: 10 },
    ]);
  });

  it('stays monotone when a token looks back', () => {
    const looks = [
      [2, 5],
      [0, 2],
      [5, 8],
    ] as const;
    const starts = alignTokens(attention(looks, 8), 3, 8).map(({ start }) => start);
    assert.deepEqual(
      starts,
      [...starts].sort((one, other) => one - other),
    );
  });

  it('gives every token a place when there are more tokens than frames', () => {
    const frames = alignTokens(new Float32Array(5 * 2).fill(0.5), 5, 2);
    assert.equal(frames.length, 5);
    for (const { start, end } of frames) assert.ok(start >= 0 && end >= start && end <= 2);
  });

  it('answers no tokens with no ranges', () => {
    assert.deepEqual(alignTokens(new Float32Array(0), 0, 10), []);
  });
});

describe('wordsOfTokens', () => {
  const vocabulary = new Map(
    [' Hel', 'lo', ',', ' caf', '\u00c3', '\u00a9', ' '].map((piece, id) => [
      id + 3,
      Buffer.from(piece, 'latin1'),
    ]),
  );
  const frames = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ start: index * 10, end: index * 10 + 10 }));

  it('begins a word at a space and keeps punctuation and split characters with it', () => {
    const words = wordsOfTokens(
      { tokens: [3, 4, 5, 6, 7, 8], logprobs: [0, 0, 0, 0, 0, 0], frames: frames(6), seconds: 9 },
      vocabulary,
    );
    assert.deepEqual(
      words.map(({ text, start, end }) => [text, start.toFixed(2), end.toFixed(2)]),
      [
        ['Hello,', '0.00', '0.72'],
        ['café', '0.72', '1.44'],
      ],
    );
  });

  it('gives the geometric mean of the token probabilities as confidence', () => {
    const [word] = wordsOfTokens(
      {
        tokens: [3, 4],
        logprobs: [Math.log(0.9), Math.log(0.4)],
        frames: frames(2),
        seconds: 9,
      },
      vocabulary,
    );
    assert.equal(word?.confidence.toFixed(4), '0.6000');
  });

  it('ends no word after the segment and leaves out a token that is only a space', () => {
    const words = wordsOfTokens(
      { tokens: [3, 9], logprobs: [0, 0], frames: frames(2), seconds: 0.1 },
      vocabulary,
    );
    assert.deepEqual(
      words.map(({ end }) => end),
      [0.1],
    );
  });

  it('counts every token of the text in one word, a blank in the word after it, special tokens in none', () => {
    const special = 2;
    const words = wordsOfTokens(
      {
        tokens: [special, 3, 4, 5, 9, 6, 32_001, 7, 8, special],
        logprobs: new Array(10).fill(0),
        frames: frames(10),
        seconds: 9,
      },
      vocabulary,
    );
    assert.deepEqual(
      words.map(({ text, tokenCount }) => [text, tokenCount]),
      [
        ['Hello,', 3],
        ['café', 4],
      ],
    );
  });
});
