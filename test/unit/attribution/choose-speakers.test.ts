import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IdentifiedTurn } from '#services/diarization/types.js';
import { chooseSpeakers } from '#services/transcription/attribute-words.js';
import type { Word } from '#utils/transcript/types.js';
import { turn, words } from './spoken.js';

/** The speakers of all words as one digit each. */
function choose(turns: readonly IdentifiedTurn[], ...parts: readonly Word[][]): string {
  const speakerCount = Math.max(...turns.map(({ speaker }) => speaker)) + 1;
  return chooseSpeakers({ words: parts.flat(), turns, speakerCount }).join('');
}

describe('the speaker of a word', () => {
  it('is the one whose turn it is in', () => {
    const turns = [turn(0, 0, 2), turn(1, 2.5, 4.5), turn(0, 5, 6)];
    const spoken = [words('one two.', 0, 2), words('three four.', 2.5, 4.5), words('five', 5, 6)];
    assert.equal(choose(turns, ...spoken), '00110');
  });

  it('changes at the end of a sentence when the turn ends a little before or after it', () => {
    const spoken = words('that is all I know. But what do you think?', 0, 4);
    for (const edge of [1.6, 1.8, 2.0, 2.2, 2.4])
      assert.equal(choose([turn(0, 0, edge), turn(1, edge, 4)], spoken), '0000011111', `${edge}`);
  });

  it('sees the end of a sentence before a closing quote', () => {
    const spoken = words('he said “I know.” But what do you think?', 0, 3.6);
    assert.equal(choose([turn(0, 0, 1.9), turn(1, 1.9, 3.6)], spoken), '000011111');
  });

  it('changes in a pause rather than before or after it when there is no punctuation', () => {
    const spoken = [
      words('one two three four five', 0, 2),
      words('six seven eight nine', 2.7, 4.3),
    ];
    for (const edge of [1.7, 2.0, 2.5, 2.75, 2.95])
      assert.equal(choose([turn(0, 0, edge), turn(1, edge, 4.3)], ...spoken), '000001111');
  });

  it('changes in mid-sentence where the turns say so clearly', () => {
    const spoken = words('the printers have already walked along the old wall', 0, 3.6);
    assert.equal(choose([turn(0, 0, 1.6), turn(1, 1.6, 3.6)], spoken), '000011111');
  });

  it('does not flip for one word in the middle of a sentence', () => {
    const spoken = words('we walked along the old city wall', 0, 2.8);
    assert.equal(
      choose([turn(0, 0, 1.2), turn(1, 1.2, 1.6), turn(0, 1.6, 2.8)], spoken),
      '0000000',
    );
  });

  it('is somebody else for one word that is a sentence of its own', () => {
    const turns = [turn(0, 0, 1.6), turn(1, 1.9, 2.5), turn(0, 2.9, 4.5)];
    const spoken = [words('are you sure of it?', 0, 1.6), words('Yes.', 1.9, 2.5)];
    assert.equal(choose(turns, ...spoken, words('then we can go on', 2.9, 4.5)), '00000100000');
  });

  it('is the one who holds the floor while somebody else says something in between', () => {
    const turns = [turn(0, 0, 6), turn(1, 2, 2.8)];
    assert.equal(choose(turns, words('a b c d e f g h i j k l', 0, 6)), '000000000000');
  });

  it('is one of both in an overlap, with one change at the end of the sentence', () => {
    const turns = [turn(0, 0, 3.4), turn(1, 2.6, 6)];
    const spoken = words('I live just around the corner now. I will renew it again', 0, 6);
    assert.equal(choose(turns, spoken), '000000011111');
  });

  it('is the one who begins where turns overlap and nothing else decides', () => {
    const turns = [turn(0, 0, 3), turn(1, 2, 5)];
    assert.equal(choose(turns, words('a b c d e f g h i j', 0, 5)), '0000111111');
  });

  it('is that of the nearest turn when the word is outside all of them', () => {
    const turns = [turn(0, 0, 2), turn(1, 6, 8)];
    const between = (at: number) => words('Well.', at, at + 0.2);
    assert.equal(choose(turns, words('one two.', 0, 2), between(2.5)), '000');
    assert.equal(choose(turns, between(5.5), words('one two.', 6, 8)), '111');
    assert.equal(choose(turns, between(100)), '1');
  });

  it('is that of the words beside it when the word is far from every turn', () => {
    const turns = [turn(0, 0, 2), turn(1, 5.1, 6)];
    const spoken = [words('one two three four', 0, 2), words('five six seven', 2, 3.8)];
    assert.equal(choose(turns, ...spoken), '0000000');
  });

  it('is never one without a turn, whatever the distance', () => {
    assert.equal(choose([turn(2, 0, 1)], words('a b c', 5000, 5001)), '222');
  });

  it('is found for a day of words in little time', () => {
    const turns = Array.from({ length: 14_400 }, (_, index) =>
      turn((index * 7) % 10, index * 6, index * 6 + 5.5),
    );
    const spoken = turns.map(({ start, end }) => words('a b c d e f g h i j k l m n.', start, end));
    const startMs = performance.now();
    const chosen = chooseSpeakers({ words: spoken.flat(), turns, speakerCount: 10 });
    const tookMs = performance.now() - startMs;
    assert.ok(chosen.every((speaker, index) => speaker === turns[Math.floor(index / 14)]?.speaker));
    assert.ok(tookMs < 5000, `${Math.round(tookMs)} ms`); // half a second on an idle machine
  });
});
