import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textOfTokens, wordsOfTokens } from '#services/asr/whisper/words.js';

/** A vocabulary of these texts, or raw bytes; a token is its place in it. */
function vocabularyOf(...pieces: readonly (string | readonly number[])[]) {
  return new Map(
    pieces.map((piece, id) => [
      id,
      typeof piece === 'string' ? Buffer.from(piece) : Uint8Array.from(piece),
    ]),
  );
}

const all = (vocabulary: ReadonlyMap<number, Uint8Array>) => [...vocabulary.keys()];

/** Tokens that begin at these seconds, each lasting until the next one, the last one until `seconds`. */
function timed(starts: readonly number[], seconds: number) {
  const durations = starts.map((start, index) => (starts[index + 1] ?? seconds) - start);
  return { starts, durations, seconds };
}

describe('words of Whisper tokens', () => {
  it('begin with a space, and keep their punctuation', () => {
    const vocabulary = vocabularyOf(' And', ' Amer', 'icans', ',', ' ask', '.');
    const words = wordsOfTokens(
      {
        tokens: all(vocabulary),
        language: 'en',
        ...timed([0, 0.3, 0.6, 0.9, 1.2, 1.5], 2),
      },
      vocabulary,
    );
    assert.deepEqual(
      words.map(({ text, tokenCount }) => [text, tokenCount]),
      [
        ['And', 1],
        ['Americans,', 3],
        ['ask.', 2],
      ],
    );
    assert.equal(textOfTokens(all(vocabulary), vocabulary), 'And Americans, ask.');
  });

  it('end with their last sound: a pause in the punctuation after it is not theirs', () => {
    const vocabulary = vocabularyOf(' you', ',', ' ask');
    const [you] = wordsOfTokens(
      { tokens: all(vocabulary), language: 'en', ...timed([1, 1.3, 4], 4.4) },
      vocabulary,
    );
    assert.deepEqual([you?.text, you?.start, you?.end], ['you,', 1, 1.3]);
  });

  it('begin late enough: a pause in a word is before it', () => {
    const vocabulary = vocabularyOf(' so', ' asked');
    const [, asked] = wordsOfTokens(
      { tokens: all(vocabulary), language: 'en', ...timed([0, 0.4], 5) },
      vocabulary,
    );
    assert.equal(asked?.end, 5);
    assert.ok((asked?.start ?? 0) > 4 && (asked?.start ?? 9) < 4.6, String(asked?.start));
  });

  it('end within the segment', () => {
    const vocabulary = vocabularyOf(' late');
    const [late] = wordsOfTokens(
      { tokens: [0], language: 'en', starts: [1.9], durations: [0.6], seconds: 2 },
      vocabulary,
    );
    assert.equal(late?.end, 2);
  });

  it('are whole characters where a language has no spaces, also such as take two tokens', () => {
    const bytes = [...Buffer.from('決')];
    const vocabulary = vocabularyOf('你', '解', bytes.slice(0, 2), bytes.slice(2), '国家', '。');
    const words = wordsOfTokens(
      {
        tokens: all(vocabulary),
        language: 'zh',
        ...timed([0, 0.2, 0.4, 0.5, 0.6, 1], 1.2),
      },
      vocabulary,
    );
    assert.deepEqual(
      words.map(({ text, tokenCount }) => [text, tokenCount]),
      [
        ['你', 1],
        ['解', 1],
        ['決', 2],
        ['国家。', 2],
      ],
    );
    assert.equal(textOfTokens(all(vocabulary), vocabulary), '你解決国家。');
  });

  it('leave special tokens out', () => {
    const vocabulary = vocabularyOf(' yes');
    const words = wordsOfTokens(
      { tokens: [50_257, 0, 50_362], language: 'en', ...timed([0, 0.1, 0.4], 1) },
      vocabulary,
    );
    assert.deepEqual(
      words.map(({ text, tokenCount }) => [text, tokenCount]),
      [['yes', 1]],
    );
  });

  it('share the segment by their length where the decoder gives no times', () => {
    const vocabulary = vocabularyOf(' a', ' longer', ' b');
    const words = wordsOfTokens(
      { tokens: all(vocabulary), language: 'en', starts: [], durations: [], seconds: 11 },
      vocabulary,
    );
    assert.deepEqual(
      words.map(({ start, end }) => [start, end]),
      [
        [0, 2],
        [2, 9],
        [9, 11],
      ],
    );
  });
});
