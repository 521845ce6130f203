import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { alignMarks } from '#services/punctuation/align-marks.js';
import type { Punctuator } from '#services/punctuation/punctuator.js';
import { openTiny, worded } from '../../support/punctuation.js';

describe('punctuation of Chinese and English', () => {
  let punctuator: Punctuator;
  before(async () => {
    punctuator = await openTiny('ct-transformer');
  });
  const punctuated = (text: string) => punctuator.punctuate(worded(text), 'zh');

  it('stands in a text without spaces as in its words', () => {
    const { words } = worded('你 好 吗 我 好');
    const marked = punctuator.punctuate({ text: '你好吗我好', words }, 'zh');
    assert.equal(marked.text, '你好，吗？我好。');
    assert.deepEqual(
      marked.words.map(({ text }) => text),
      ['你', '好，', '吗？', '我', '好。'],
    );
  });

  it('is Chinese where there is a Chinese character, and Western elsewhere', () => {
    assert.equal(punctuated('hello 我 how are you 再 见').text, 'hello， 我 how are you？ 再 见。');
    assert.equal(punctuated('hello how are you').text, 'hello, how are you?');
  });

  it('leaves capitals as they are', () => {
    assert.equal(punctuated('HELLO World').text, 'HELLO, World.');
  });

  it('lose no word that sherpa-onnx loses behind its last full stop', () => {
    for (const behind of [1, 2, 7]) {
      const before = Array.from({ length: 19 }, () => 'how');
      const after = Array.from({ length: behind }, () => 'are');
      const { text, words } = punctuated([...before, 'world', ...after].join(' '));
      assert.equal(words.length, 20 + behind);
      assert.equal(text, `${before.join(' ')} world. ${after.join(' ')}.`);
    }
  });

  it('keeps words of several tokens, of signs alone, and with what the vocabulary calls unknown', () => {
    const text = 'hello e-mail don’t $ 很 2024年 world';
    assert.equal(punctuated(text).text, 'hello， e-mail don’t $ 很 2024年 world。');
  });

  it('punctuates long texts to their end', () => {
    const text = Array.from({ length: 300 }, () => 'hello how are you').join(' ');
    const { text: marked } = punctuated(text);
    assert.equal(marked, text.replaceAll('hello', 'hello,').replaceAll('you', 'you?'));
  });
});

describe('marks of a text and its words', () => {
  it('are those right behind a word, whatever spaces are between', () => {
    assert.deepEqual(alignMarks(['ab', '你好', 'c'], 'ab , 你。好？c'), [',', '？', '']);
  });

  it('end where the text does, a word that is not whole left out', () => {
    assert.deepEqual(alignMarks(['ab', 'cd', 'ef'], 'ab, c'), [',']);
    assert.deepEqual(alignMarks(['ab'], ''), []);
  });

  it('are none where the text has another word or more of them', () => {
    assert.equal(alignMarks(['ab', 'cd'], 'ab cx'), undefined);
    assert.equal(alignMarks(['ab'], 'ab cd.'), undefined);
  });
});
