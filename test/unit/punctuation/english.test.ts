import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Punctuator } from '#services/punctuation/punctuator.js';
import { openTiny, worded } from '../../support/punctuation.js';

describe('punctuation and capitals of English', () => {
  let punctuator: Punctuator;
  before(async () => {
    punctuator = await openTiny('cnn-bilstm');
  });
  const punctuated = (text: string) => punctuator.punctuate(worded(text), 'en');

  it('are those that the model says, for each word', () => {
    assert.equal(punctuated('hello world how are you').text, 'Hello, world. How are you?');
  });

  it('are the same for words in capitals', () => {
    assert.equal(punctuated('HELLO WORLD NASA').text, 'Hello, world. NASA');
  });

  it('leave number, times and everything else of the words as they are', () => {
    const before = worded('HELLO WORLD ABC');
    const { words } = punctuator.punctuate(before, 'en');
    assert.deepEqual(
      words.map(({ text }) => text),
      ['Hello,', 'world.', 'abc'],
    );
    assert.deepEqual(
      words.map(({ text: _, ...rest }) => rest),
      before.words.map(({ text: _, ...rest }) => rest),
    );
  });

  it('leave the capitals of a recogniser that writes some', () => {
    assert.equal(punctuated('hello Nasa iPhone world').text, 'hello, Nasa iPhone world.');
  });

  it('do not double a mark that is there', () => {
    assert.equal(punctuated('hello! world. how…').text, 'Hello! world. How…');
  });

  it('lose no word that the model does not know, however it is written', () => {
    const text = 'hello über — 東京 $ naïve don’t world';
    assert.equal(punctuated(text).text, 'Hello, über — 東京 $ naïve don’t world.');
    const endless = 'x'.repeat(500);
    assert.equal(punctuated(`hello ${endless} world`).text, `Hello, ${endless} world.`);
  });

  it('belong to their words in a text of more than one call', () => {
    // The model has 200 places; it gives a longer row back before a shorter one.
    const long = Array.from({ length: 20 }, () => 'abcdefgh');
    const short = Array.from({ length: 120 }, () => 'how are you').flat();
    const { words } = punctuated([...long, 'hello', ...short, 'world'].join(' '));
    const wanted = [
      ...long,
      'Hello,',
      ...short.join(' ').replaceAll('how are you', 'How are you?').split(' '),
      'world.',
    ];
    assert.deepEqual(
      words.map(({ text }) => text),
      wanted,
    );
  });

  it('are left out of a text without words and of another language', () => {
    assert.deepEqual(punctuator.punctuate({ text: '', words: [] }, 'en'), { text: '', words: [] });
    assert.equal(punctuator.punctuate(worded('hello world'), 'de').text, 'hello world');
  });

  it('are left out where the words do not stand in the text', () => {
    const text = { text: 'something else', words: worded('hello world').words };
    assert.deepEqual(punctuator.punctuate(text, 'en'), text);
  });
});

describe('punctuation models', () => {
  it('are loaded by the first text in their language', async () => {
    const punctuator = await openTiny('ct-transformer', 'cnn-bilstm');
    assert.deepEqual(punctuator.loaded(), []);
    punctuator.punctuate(worded('hallo'), 'de');
    punctuator.punctuate({ text: '', words: [] }, 'zh');
    assert.deepEqual(punctuator.loaded(), []);
    punctuator.punctuate(worded('hello'), 'en');
    assert.deepEqual(punctuator.loaded(), ['tiny-cnn-bilstm']);
    punctuator.punctuate(worded('你'), 'zh');
    assert.deepEqual(punctuator.loaded(), ['tiny-cnn-bilstm', 'tiny-ct-transformer']);
  });
});
