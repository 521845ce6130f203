import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compressionRatio } from '#services/transcription/compression-ratio.js';
import { cutSegment } from '#services/transcription/cut-segment.js';
import type { Segment, Word } from '#utils/transcript/types.js';

const word = (text: string, start: number, rest: Partial<Word> = {}): Word => ({
  text,
  start,
  end: start + 0.4,
  confidence: 1,
  ...rest,
});

const segment = (words: readonly Word[], rest: Partial<Segment> = {}): Segment => ({
  id: 7,
  start: 0.9,
  end: 9.5,
  text: words.map(({ text }) => text).join(' '),
  words,
  tokens: [10, 11, 12, 13, 14, 15],
  temperature: 0,
  avgLogprob: -0.2,
  compressionRatio: 1,
  noSpeechProb: 0.1,
  ...rest,
});

const four = [
  word('We', 1, { tokenCount: 1 }),
  word('agreed.', 2, { tokenCount: 3, confidence: 0.5 }),
  word('Did', 3, { tokenCount: 1, confidence: 0.8 }),
  word('you?', 4, { tokenCount: 1, confidence: 0.2 }),
];

describe('cutSegment', () => {
  it('gives each part its words, text, times and tokens', () => {
    const parts = cutSegment(segment(four), [2]);
    assert.deepEqual(
      parts.map(({ text, start, end, tokens }) => ({ text, start, end, tokens })),
      [
        { text: 'We agreed.', start: 0.9, end: 2.4, tokens: [10, 11, 12, 13] },
        { text: 'Did you?', start: 3, end: 9.5, tokens: [14, 15] },
      ],
    );
    assert.deepEqual(
      parts.flatMap(({ words }) => words),
      four,
    );
    for (const part of parts) assert.equal(part.compressionRatio, compressionRatio(part.text));
  });

  it("takes the mean log probability of each part's own tokens", () => {
    const [first, second] = cutSegment(segment(four), [2]);
    assert.ok(Math.abs((first?.avgLogprob ?? 0) - (3 * Math.log(0.5)) / 4) < 1e-9);
    assert.ok(Math.abs((second?.avgLogprob ?? 0) - (Math.log(0.8) + Math.log(0.2)) / 2) < 1e-9);
  });

  it('gives a figure, not minus infinity, where a word has no confidence at all', () => {
    const [first] = cutSegment(segment([word('no', 1, { confidence: 0 }), word('yes', 2)]), [1]);
    assert.ok(Number.isFinite(first?.avgLogprob));
  });

  it('shares tokens out by the length of the words when they do not count them', () => {
    const words = [word('I', 1), word('a', 2), word('electricity', 3)];
    const parts = cutSegment(segment(words), [2]);
    assert.deepEqual(
      parts.map(({ tokens }) => tokens),
      [
        [10, 11],
        [12, 13, 14, 15],
      ],
    );
  });

  it('shares tokens out too when the words count more tokens than there are', () => {
    const words = [word('one', 1, { tokenCount: 9 }), word('two', 2, { tokenCount: 9 })];
    const parts = cutSegment(segment(words), [1]);
    assert.deepEqual(
      parts.map(({ tokens }) => tokens.length),
      [3, 3],
    );
  });

  it('leaves tokens that no word counts to the last part', () => {
    const words = [word('one', 1, { tokenCount: 2 }), word('two', 2, { tokenCount: 2 })];
    const parts = cutSegment(segment(words), [1]);
    assert.deepEqual(
      parts.map(({ tokens }) => tokens),
      [
        [10, 11],
        [12, 13, 14, 15],
      ],
    );
  });

  it('keeps text together that is written without spaces', () => {
    const words = [word('我们', 1), word('同意', 2), word('了。', 3)];
    const parts = cutSegment(segment(words, { text: '我们同意了。' }), [1]);
    assert.deepEqual(
      parts.map(({ text }) => text),
      ['我们', '同意了。'],
    );
  });

  it('writes the words with spaces when the text is not made of them', () => {
    const parts = cutSegment(segment(four, { text: 'something else' }), [1]);
    assert.deepEqual(
      parts.map(({ text }) => text),
      ['We', 'agreed. Did you?'],
    );
  });

  it('ignores cuts that leave a part without words, and doubles', () => {
    const whole = segment(four);
    assert.deepEqual(cutSegment(whole, [0, 4, -1, 99]), [whole]);
    assert.deepEqual(cutSegment(whole, []), [whole]);
    assert.equal(cutSegment(whole, [3, 1, 1, 3]).length, 3);
    assert.deepEqual(cutSegment(segment([]), [1]), [segment([])]);
  });

  it('keeps what a caller has beside the segment', () => {
    const parts = cutSegment({ ...segment(four), language: 'en' }, [1]);
    assert.deepEqual(
      parts.map(({ id, language }) => [id, language]),
      [
        [7, 'en'],
        [7, 'en'],
      ],
    );
  });
});
