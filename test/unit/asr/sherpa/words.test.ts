import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shareTimes, soundingSpans } from '#services/asr/sherpa/sounding-spans.js';
import {
  type Piece,
  piecesOfText,
  textOfPieces,
  wordsOfPieces,
} from '#services/asr/sherpa/words.js';

const piece = (text: string | Buffer, start?: number, more: Partial<Piece> = {}): Piece => ({
  bytes: Buffer.from(text as string),
  ...(start !== undefined && { start }),
  ...more,
});
const options = { seconds: 10, spans: () => [{ start: 0, end: 10 }] };
const textsOf = (pieces: readonly Piece[]) =>
  wordsOfPieces(pieces, options).map(({ text }) => text);

describe('words out of tokens', () => {
  it('begin with a space, or with a character of a script without spaces', () => {
    assert.deepEqual(textsOf([' a', 'b', ' c'].map((text) => piece(text))), ['ab', 'c']);
    assert.deepEqual(
      textsOf(['我', '们', '用', ' Py', 'thon', '，', '好'].map((text) => piece(text))),
      ['我', '们', '用', 'Python，', '好'],
    );
    assert.deepEqual(textsOf([' 안녕', '하세', '요'].map((text) => piece(text))), ['안녕하세요']);
  });

  it('are put together from tokens that end inside a character', () => {
    const bytes = Buffer.from(' 你好');
    const pieces = [bytes.subarray(0, 2), bytes.subarray(2, 4), bytes.subarray(4)].map((each) =>
      piece(each),
    );
    assert.equal(textOfPieces(pieces), '你好');
    assert.deepEqual(textsOf(pieces), ['你', '好']);
  });

  it('take what has no sound to the word before, at the beginning to the one after', () => {
    assert.deepEqual(textsOf([' ', '"', ' a', '!', ' b', ' …'].map((text) => piece(text))), [
      '"',
      'a!',
      'b',
      '…',
    ]);
  });

  it('begin with their first token that sounds and end with the last, before the next word', () => {
    const [first, second] = wordsOfPieces(
      [piece(' on', 1), piece('e', 1.1), piece(',', 3), piece(' two', 3.2)],
      options,
    );
    assert.equal(first?.start, 1);
    assert.ok((first?.end ?? 0) > 1.1 && (first?.end ?? 0) < 1.5, `${first?.end}`);
    assert.equal(second?.start, 3.2);
  });

  it('last as long as their durations say', () => {
    const [word] = wordsOfPieces([piece(' a', 1, { duration: 0.8 })], options);
    assert.equal(word?.end, 1.8);
  });

  it('never end after the segment, nor before they begin', () => {
    for (const { start, end } of wordsOfPieces([piece(' a', 9.99), piece(' b', 12)], options))
      assert.ok(start <= end && end <= 10, `${start} to ${end}`);
  });

  it('are as probable as their tokens in the geometric mean', () => {
    const [word] = wordsOfPieces(
      [piece(' a', 1, { logprob: Math.log(0.5) }), piece('b', 1, { logprob: Math.log(0.125) })],
      { ...options, withPieces: true },
    );
    assert.ok(Math.abs((word?.confidence ?? 0) - 0.25) < 1e-9);
    assert.equal(word?.pieces?.length, 2);
  });

  it('come out of a whole text, too', () => {
    assert.deepEqual(textsOf(piecesOfText(' Er sagte:  你好。ok ')), [
      'Er',
      'sagte:',
      '你',
      '好。',
      'ok',
    ]);
    assert.deepEqual(textsOf(piecesOfText('')), []);
  });
});

describe('words without times', () => {
  it('share the sound by their length and leave its pauses out', () => {
    const spans = [
      { start: 1, end: 3 },
      { start: 5, end: 7 },
    ];
    assert.deepEqual(shareTimes([1, 1], spans), [
      { start: 1, end: 3 },
      { start: 5, end: 7 },
    ]);
    assert.deepEqual(shareTimes([2], spans), [{ start: 1, end: 7 }]);
    assert.deepEqual(shareTimes([], spans), []);
  });

  it('have all of the segment where nothing stands out', () => {
    assert.deepEqual(soundingSpans({ samples: new Int16Array(16_000) }), [{ start: 0, end: 1 }]);
    assert.deepEqual(soundingSpans({ samples: new Int16Array(0) }), [{ start: 0, end: 0 }]);
  });

  it('have the sound between pauses', () => {
    const samples = Int16Array.from({ length: 32_000 }, (_, index) =>
      index > 8_000 && index < 24_000 ? 5_000 * (index % 2) : 20 * (index % 2),
    );
    const [span, another] = soundingSpans({ samples });
    assert.equal(another, undefined);
    assert.ok(Math.abs((span?.start ?? 0) - 0.5) < 0.05 && Math.abs((span?.end ?? 0) - 1.5) < 0.05);
  });
});
