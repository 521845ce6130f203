import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alignKeys } from '#services/live/align-keys.js';
import { type TextToken, textOf, tokensOf } from '#services/live/text-tokens.js';
import { ToldText } from '#services/live/told-text.js';

/** A reading whose words last a tenth of a second each. */
function reading(text: string): TextToken[] {
  const words = text.split(' ').filter((word) => word !== '');
  return tokensOf({
    text,
    words: words.map((word, index) => ({
      text: word,
      start: index / 10,
      end: (index + 1) / 10,
      confidence: 1,
    })),
  });
}

/** Tells readings one after the other, the last one as final. */
function tell(...texts: string[]): { deltas: string[]; text: string; told: TextToken[] } {
  const told = new ToldText();
  const final = texts.pop() ?? '';
  const deltas = texts.map((text) => told.read(reading(text)));
  const settled = told.settle(reading(final));
  deltas.push(settled.delta);
  return { deltas, text: deltas.join(''), told: settled.told };
}

describe('text that is told while it is spoken', () => {
  it('has the words that two readings agree on, but not the last two, and three at first', () => {
    const { deltas } = tell(
      'the quick brown fox',
      'the quick brown fox',
      'the quick brown fox jumps over',
      'the quick brown fox jumps over the',
      '',
    );
    assert.deepEqual(deltas, ['', '', 'the quick brown', ' fox jumps', '']);
  });

  it('waits while readings differ', () => {
    const { deltas, text } = tell('a b c d', 'x b c d', 'x b c d e', 'x b c d e f');
    assert.deepEqual(deltas, ['', '', 'x b c', ' d e f']);
    assert.equal(text, 'x b c d e f');
  });

  it('keeps punctuation back until it is known what follows', () => {
    const { deltas } = tell(
      'Now I see. What now',
      'Now I see. What now',
      'Now I see, what now then and',
      'Now I see, what now then and',
      'Now I see, what now then and there?',
    );
    assert.deepEqual(deltas, ['', 'Now I see', ', what', ' now', ' then and there?']);
    const { text } = tell(
      'we go on. and',
      'we go on. and on',
      'we go on. and on',
      'we go on and on',
    );
    assert.equal(text, 'we go on and on');
  });

  it('is the final text where that agrees with it', () => {
    const final = 'Could we run the test in parallel, please?';
    const parts = final.split(' ').map((_, index, all) => all.slice(0, index + 1).join(' '));
    const { text, told } = tell(...parts, final);
    assert.equal(text, final);
    assert.equal(textOf(told), final);
    assert.deepEqual(
      told.map(({ word }) => word.start),
      reading(final).map(({ word }) => word.start),
    );
  });

  it('is never taken back: the final reading adds what follows what was told', () => {
    const { text, told } = tell(
      'one two three four five',
      'one two three four five',
      'one too three four five six',
    );
    assert.equal(text, 'one two three four five six');
    assert.equal(textOf(told), text);
    assert.deepEqual(
      told.map(({ word }) => word.text),
      ['one', 'two', 'three', 'four', 'five', 'six'],
    );
  });

  it('has no word twice when the final reading has one word more or less', () => {
    assert.equal(tell('a b c d e f', 'a b c d e f', 'a b x c d e f g').text, 'a b c d e f g');
    assert.equal(tell('a b c d e f', 'a b c d e f', 'a b d e f g').text, 'a b c d e f g');
  });

  it('stays as it is where the final reading has nothing', () => {
    const { text, told } = tell('a b c d e', 'a b c d e', '');
    assert.equal(text, 'a b c');
    assert.deepEqual(
      told.map(({ word }) => word.text),
      ['a', 'b', 'c'],
    );
  });

  it('has times in order, whatever changed', () => {
    const { told } = tell('a b c d e f', 'a b c d e f', 'a d e f');
    for (const [index, { word }] of told.entries()) {
      assert.ok(word.end >= word.start);
      assert.ok(word.start >= (told[index - 1]?.word.end ?? 0) - 1e-9, `${index}`);
    }
  });
});

describe('tokens of a text', () => {
  it('hold all of it, with and without spaces between words', () => {
    const word = (text: string, start: number) => ({ text, start, end: start + 1, confidence: 1 });
    const spaced = tokensOf({
      text: 'Yes, it is.',
      words: [word('Yes,', 0), word('it', 1), word('is.', 2)],
    });
    assert.equal(textOf(spaced), 'Yes, it is.');
    assert.deepEqual(
      spaced.map(({ key }) => key),
      ['yes', 'it', 'is'],
    );
    const dense = tokensOf({
      text: '你好吗',
      words: [word('你', 0), word('好', 1), word('吗', 2)],
    });
    assert.equal(textOf(dense), '你好吗');
  });

  it('share out the time where the words are not those of the text', () => {
    const words = [{ text: 'twenty', start: 1, end: 3, confidence: 0.5 }];
    const tokens = tokensOf({ text: '20 %', words });
    assert.deepEqual(
      tokens.map(({ word }) => [word.text, word.start, word.end]),
      [
        ['20', 1, 2],
        ['%', 2, 3],
      ],
    );
  });
});

describe('alignment', () => {
  it('finds what was told in a later reading, and where it goes on', () => {
    assert.deepEqual(alignKeys(['a', 'b'], ['a', 'b', 'c']), { places: [0, 1], next: 2 });
    assert.deepEqual(alignKeys(['a', 'b'], ['a', 'x', 'c']), { places: [0, 1], next: 2 });
    assert.deepEqual(alignKeys(['a', 'b', 'c'], ['a', 'c', 'd']), { places: [0, -1, 1], next: 2 });
    assert.deepEqual(alignKeys([], ['a']), { places: [], next: 0 });
    assert.deepEqual(alignKeys(['a'], []), { places: [-1], next: 0 });
  });
});
