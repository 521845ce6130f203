import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blockOfWord, layOut } from '#src/web/transcript/blocks.js';
import { clock, spokenLength } from '#src/web/transcript/clock.js';
import { noEdits, withSpeakersCalled, withWordCorrected } from '#src/web/transcript/edits.js';
import { piecesOf, textOf } from '#src/web/transcript/pieces.js';
import { wordClock } from '#src/web/transcript/word-at.js';
import { conversation, spoken, transcriptOf } from './transcripts.js';

describe('paragraphs of a transcript', () => {
  it('are turns of a speaker, with every word once', () => {
    const { blocks, pieces } = layOut(conversation(), noEdits);
    assert.deepEqual(
      blocks.map(({ speaker, start, first }) => [speaker, start, first]),
      [
        ['A', 0, 0],
        ['B', 4, 6],
        ['A', 6, 9],
        ['C', 8, 12],
      ],
    );
    assert.equal(textOf(pieces.map((piece) => ({ ...piece, isApart: true }))), conversation().text);
  });

  it('become one where speakers are merged', () => {
    const { blocks } = layOut(conversation(), withSpeakersCalled(noEdits, ['B'], 'A'));
    assert.deepEqual(
      blocks.map(({ pieces }) => textOf(pieces)),
      [
        'We spent less on travel, mostly. In theory yes. Could we talk?',
        'Naïve café—owners cannot.',
      ],
    );
  });

  it('are segments where there are no speakers', () => {
    const { blocks } = layOut(transcriptOf([spoken(0, 0, 'One.'), spoken(1, 1, 'Two.')]), noEdits);
    assert.deepEqual(
      blocks.map(({ pieces, isContinued }) => [textOf(pieces), isContinued]),
      [
        ['One.', false],
        ['Two.', false],
      ],
    );
  });

  it('of somebody who never stops are cut, and say that they go on', () => {
    const long = Array.from({ length: 50 }, (_, id) =>
      spoken(id, id * 10, 'and so on '.repeat(6).trim(), 'A'),
    );
    const { blocks, pieces } = layOut(transcriptOf(long), noEdits);
    assert.equal(pieces.length, 50 * 18);
    assert.ok(blocks.every((block) => block.pieces.length <= 60 + 18));
    assert.deepEqual([...new Set(blocks.slice(1).map(({ isContinued }) => isContinued))], [true]);
    for (const word of [0, 71, 72, 500, 899]) {
      const block = blocks[blockOfWord(blocks, word)];
      assert.ok(block && block.first <= word && word < block.first + block.pieces.length);
    }
  });

  it('leave out words that were taken away and keep the places of the others', () => {
    const place = { segment: 0, word: 1 };
    const edits = withWordCorrected(noEdits, { place, original: 'spent', text: '' });
    const { pieces } = layOut(conversation(), edits);
    assert.deepEqual(
      pieces.slice(0, 3).map(({ text, word }) => [text, word]),
      [
        ['We', 0],
        ['less', 2],
        ['on', 3],
      ],
    );
  });

  it('have no blanks where the language has none', () => {
    const words = ['今日', 'は', '。'].map((text, at) => ({
      text,
      start: at,
      end: at + 1,
      confidence: 1,
    }));
    const segment = { ...spoken(0, 0, 'x'), text: '今日は。', words };
    assert.deepEqual(
      piecesOf(segment).map(({ isApart }) => isApart),
      [false, false, true],
    );
    assert.equal(textOf(piecesOf(segment)), '今日は。');
  });
});

describe('the word at a time', () => {
  const pieces = [
    { start: 1, end: 2 },
    { start: 2, end: 2.5 },
    { start: 10, end: 11 },
  ];

  it("is the last one that has begun, and nobody's in a long pause", () => {
    const { at } = wordClock(pieces);
    assert.deepEqual([0, 1, 1.9, 2, 3.9, 4.1, 10.5, 99].map(at), [-1, 0, 0, 1, 1, -1, 2, -1]);
    assert.equal(wordClock([]).at(3), -1);
  });

  it('is found where people speak at once', () => {
    const { at } = wordClock(
      [pieces[2], pieces[0], pieces[1]].filter((piece) => piece !== undefined),
    );
    assert.deepEqual([1.5, 2.2, 10.5].map(at), [1, 2, 0]);
  });
});

describe('times that are shown', () => {
  it('have hours only where they are needed', () => {
    assert.deepEqual([0, 7.9, 754, 3723, 90_061].map(clock), [
      '0:00',
      '0:07',
      '12:34',
      '1:02:03',
      '25:01:01',
    ]);
    assert.equal(spokenLength(3661.4), '1 hour 1 minute 1 second');
    assert.equal(spokenLength(0.2), '0 seconds');
  });
});
