import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { spellingCorrector } from '#services/vocabulary/correct-segment.js';
import { distance, leastDistance } from '#services/vocabulary/spelling.js';
import type { Word } from '#utils/transcript/types.js';
import { loadReferences } from '../../../bench/scoring/references.js';
import { UNSAID_NAMES } from '../../../bench/vocabulary/names.js';

/** A segment whose words last half a second each, with two tokens and a confidence of 0.81, then 0.64. */
function segmentOf(text: string) {
  const words = text.split(' ').map(
    (word, index): Word => ({
      text: word,
      start: index / 2,
      end: (index + 1) / 2,
      confidence: index % 2 === 0 ? 0.81 : 0.64,
      tokenCount: 2,
    }),
  );
  return { text, words };
}

function corrected(text: string, ...phrases: string[]): string {
  const segment = spellingCorrector(phrases)(segmentOf(text));
  assert.equal(segment.words.map((word) => word.text).join(' '), segment.text);
  return segment.text;
}

describe('spelling correction', () => {
  it('writes a word that is nearly a keyword as the keyword is written', () => {
    assert.equal(corrected('I asked Witlock about it.', 'Whitlock'), 'I asked Whitlock about it.');
    assert.equal(corrected('the kubernettis cluster', 'Kubernetes'), 'the Kubernetes cluster');
    assert.equal(corrected('ask Morena or Prija', 'Moreno', 'Priya'), 'ask Moreno or Priya');
  });

  it('writes words that sound like one keyword together', () => {
    assert.equal(corrected('the cooper netties cluster', 'Kubernetes'), 'the Kubernetes cluster');
    assert.equal(corrected('we use and tropic models', 'Anthropic'), 'we use Anthropic models');
    assert.equal(corrected('says Mr. white lock today', 'Whitlock'), 'says Mr. Whitlock today');
    assert.equal(corrected('pushed to git hub', 'GitHub'), 'pushed to GitHub');
  });

  it('parts a word that is a phrase, and corrects phrases word by word', () => {
    assert.equal(
      corrected('meet Fionawhitlock there', 'Fiona Whitlock'),
      'meet Fiona Whitlock there',
    );
    assert.equal(
      corrected('meet fiona witlock there', 'Fiona Whitlock'),
      'meet Fiona Whitlock there',
    );
    assert.equal(corrected('Fiona Whitmore came', 'Fiona Whitlock'), 'Fiona Whitmore came');
  });

  it('knows the words of a phrase by themselves', () => {
    assert.equal(corrected('then Witlock left', 'Fiona Whitlock'), 'then Whitlock left');
  });

  it('keeps punctuation, endings, and the capital that begins a sentence', () => {
    assert.equal(corrected('"Witlock\'s," he said', 'Whitlock'), '"Whitlock\'s," he said');
    assert.equal(corrected('Gestrel is down.', 'kestrel'), 'Kestrel is down.');
    assert.equal(corrected('It is (kestrol).', 'Kestrel'), 'It is (Kestrel).');
  });

  it('never changes a common word, nor swallows one', () => {
    for (const [text, keyword] of [
      ['we should assure the house', 'Houser'],
      ['a Moreno came', 'Moreno'],
      ['the time is right', 'Tyme'],
      ['they lost the lock', 'Loch'],
      ['mark that page', 'Mark'],
    ] as const)
      assert.equal(corrected(text, keyword), text);
  });

  it('leaves other words, other numbers, and other forms of a keyword as they are', () => {
    for (const [text, keyword] of [
      ['two pythons and a python', 'Python'],
      ['the GPT5 model', 'GPT4'],
      ['a petrol station', 'Kestrel'],
      ['Martin said so', 'Marlowe'],
      ['in Berlin, Kant wrote', 'Berlinkant'],
    ] as const)
      assert.notEqual(corrected(text, keyword).includes('Berlinkant'), true, text);
    assert.equal(corrected('two pythons', 'Python'), 'two pythons');
    assert.equal(corrected('the GPT5 model', 'GPT4'), 'the GPT5 model');
    assert.equal(corrected('a petrol station', 'Kestrel'), 'a petrol station');
  });

  it('corrects words of other scripts by their letters alone', () => {
    assert.equal(corrected('это Достаевский сказал', 'Достоевский'), 'это Достоевский сказал');
    assert.equal(corrected('Herr Müler kommt', 'Müller'), 'Herr Müller kommt');
  });

  it('gives the nearest of several keywords', () => {
    assert.equal(corrected('Ask Moreni.', 'Morena', 'Moreno', 'Morenis'), 'Ask Morena.');
    assert.equal(corrected('Moreno and Morana', 'Morena', 'Moreno'), 'Moreno and Morena');
  });

  it('keeps times, confidences and tokens of words', () => {
    const before = segmentOf('the cooper netties cluster');
    const { words } = spellingCorrector(['Kubernetes'])(before);
    assert.deepEqual(
      words.map(({ text, start, end, tokenCount }) => [text, start, end, tokenCount]),
      [
        ['the', 0, 0.5, 2],
        ['Kubernetes', 0.5, 1.5, 4],
        ['cluster', 1.5, 2, 2],
      ],
    );
    assert.ok(Math.abs((words[1]?.confidence ?? 0) - Math.sqrt(0.81 * 0.64)) < 1e-9);
    const [one, other] = spellingCorrector(['Fiona Whitlock'])(segmentOf('Fionawhitlock')).words;
    assert.deepEqual([one?.start, other?.end], [0, 0.5]);
    assert.equal(one?.end, other?.start);
    assert.equal((one?.tokenCount ?? 0) + (other?.tokenCount ?? 0), 2);
  });

  it('corrects a text whose words have no times', () => {
    const correct = spellingCorrector(['Whitlock']);
    assert.equal(correct({ text: 'So Witlock  said.', words: [] }).text, 'So Whitlock  said.');
  });

  it('returns a segment that needs none as it is', () => {
    const segment = segmentOf('Whitlock said so.');
    assert.equal(spellingCorrector(['Whitlock'])(segment), segment);
    assert.equal(spellingCorrector([])(segment), segment);
  });
});

describe('spelling correction with a hundred names that nobody says', () => {
  it('changes no word of conversations', () => {
    const correct = spellingCorrector(UNSAID_NAMES);
    for (const { turns } of loadReferences().references)
      for (const { text } of turns) assert.equal(correct({ text, words: [] }).text, text);
  });
});

describe('the least distance of two words', () => {
  it('is never more than their distance, so that nothing near is passed over', () => {
    const words = [...UNSAID_NAMES, 'white lock', 'Ölçek', '北京大学', 'a', ''];
    for (const one of words)
      for (const other of words) {
        const [least, real] = [leastDistance(one, other), distance(one, other)];
        assert.ok(least <= real, `${one}, ${other}: ${least} > ${real}`);
      }
    assert.equal(leastDistance('whitlock', 'whitlock'), 0);
    assert.equal(leastDistance('abcd', 'wxyz'), 4);
  });
});
