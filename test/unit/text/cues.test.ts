import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cuesFromSegments, defaultCueLimits } from '#utils/text/cues.js';
import { segmentOf } from '../formats/sample-transcript.js';

const long =
  'The first item on the list is the budget for next year. We have spent rather more than we planned, mostly on travel, ' +
  'and the board would like to know why. After that we should look at the hiring plan and decide who talks to whom.';

describe('cues', () => {
  it('keeps a segment within the limits as one cue with its own times', () => {
    const segment = { ...segmentOf({ text: 'Yes. No. Perhaps.', start: 2 }), start: 1.9, end: 4.2 };
    assert.deepEqual(cuesFromSegments([segment]), [
      { start: 1.9, end: 4.2, text: 'Yes. No. Perhaps.' },
    ]);
  });

  it('cuts a long segment where sentences and clauses end', () => {
    const cues = cuesFromSegments([segmentOf({ text: long, start: 10, perWord: 0.3 })]);
    assert.deepEqual(
      cues.map((cue) => cue.text),
      [
        'The first item on the list is the budget for next year.',
        'We have spent rather more than we planned,',
        'mostly on travel, and the board would like to know why.',
        'After that we should look at the hiring plan and decide who talks to whom.',
      ],
    );
    assert.equal(cues[0]?.start, 10);
    assert.ok(Math.abs((cues[1]?.start ?? 0) - (10 + 12 * 0.3)) < 1e-9);
  });

  it('cuts at a pause when there is no punctuation', () => {
    const words = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
    const segment = segmentOf({ text: words.join(' '), start: 0, perWord: 0.7 });
    const paused = {
      ...segment,
      end: segment.end + 1,
      words: segment.words.map((word, index) =>
        index < 5 ? word : { ...word, start: word.start + 1, end: word.end + 1 },
      ),
    };
    assert.deepEqual(
      cuesFromSegments([paused]).map((cue) => cue.text),
      ['one two three four five', 'six seven eight nine ten eleven twelve'],
    );
  });

  it('loses and doubles no word, keeps the limits and never overlaps, whatever the words', () => {
    const random = seeded(7);
    for (let round = 0; round < 300; round++) {
      const count = 1 + Math.floor(random() * 90);
      const words = Array.from({ length: count }, () => {
        const letters = 'la'.repeat(1 + Math.floor(random() * 5));
        return letters + (['', '', '', ',', '.', '?'][Math.floor(random() * 6)] ?? '');
      });
      const segment = segmentOf({ text: words.join(' '), start: 5, perWord: 0.1 + random() * 0.6 });
      const cues = cuesFromSegments([segment]);
      assert.equal(cues.map((cue) => cue.text).join(' '), segment.text);
      assert.equal(cues[0]?.start, segment.start);
      assert.equal(cues.at(-1)?.end, segment.end);
      cues.forEach((cue, index) => {
        assert.ok(cue.end > cue.start);
        assert.ok(cue.start >= (cues[index - 1]?.end ?? 0));
        assert.ok(cue.text.length <= defaultCueLimits.maxCharacters);
        assert.ok(cue.end - cue.start <= defaultCueLimits.maxSeconds + 1e-9);
      });
    }
  });

  it('leaves a long segment whole when its words are not those of its text', () => {
    const segment = { ...segmentOf({ text: long, start: 0 }), text: long.toUpperCase() };
    assert.equal(cuesFromSegments([segment]).length, 1);
  });

  it('keeps a single word whole when it breaks every limit', () => {
    const word = 'a'.repeat(200);
    const cues = cuesFromSegments([segmentOf({ text: `${word} b`, start: 0, perWord: 9 })]);
    assert.deepEqual(
      cues.map((cue) => cue.text),
      [word, 'b'],
    );
  });

  it('cuts a text that has no spaces between its words', () => {
    const words = ['今日は', '会議を', '始めます。', '最初の', '議題は', '予算です。'];
    const segment = segmentOf({ text: words.join(' '), start: 0, perWord: 1.5 });
    const cues = cuesFromSegments([{ ...segment, text: words.join('') }]);
    assert.deepEqual(
      cues.map((cue) => cue.text),
      ['今日は会議を始めます。', '最初の議題は予算です。'],
    );
  });

  it('gives word times that overlap or run backwards cues in order', () => {
    const segment = segmentOf({ text: long, start: 0, perWord: 0.3 });
    const jumbled = {
      ...segment,
      words: segment.words.map((word, index) => ({
        ...word,
        end: index % 7 === 0 ? word.end + 0.5 : word.end,
        start: index === 12 ? word.start - 1 : word.start,
      })),
    };
    const cues = cuesFromSegments([jumbled]);
    cues.forEach((cue, index) => {
      assert.ok(cue.end > cue.start);
      assert.ok(cue.start >= (cues[index - 1]?.end ?? 0));
    });
  });
});

/** A small linear congruential generator: the same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
