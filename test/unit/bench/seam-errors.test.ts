import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alignLongWords, type LongAlignment } from '../../../bench/scoring/long-words.js';
import type { ReferenceTurn } from '../../../bench/scoring/references.js';
import type { AlignmentStep } from '../../../bench/scoring/wer.js';
import { lostOrDoubled, seamErrors } from '../../../bench/seams/seam-errors.js';

/** A word a second: the one that is said from second 4 to 5 is "four". */
const SAID =
  'zeta alpha beta gamma four echo fox golf hotel india juliet kilo lima mike november oscar';
const turns = [{ speaker: 'A', start: 0, end: 16, text: SAID }];

const heard = (text: string) =>
  alignLongWords(
    turns,
    text.split(' ').map((word, at) => ({ text: word, start: at, end: at + 1 })),
  );

/** The one overlap, from second 6 to 7: what is said from 3 to 10 is near it. */
const SEAMS = [{ from: 6, to: 7 }];

/** What is heard in chunks, joined, against what is heard in one; by themselves the chunks hear all that is said. */
const compare = (
  joined: string,
  { whole = SAID, earlier = SAID, later = SAID, seconds = 16, seams = SEAMS } = {},
) =>
  seamErrors({
    joined: heard(joined),
    whole: heard(whole),
    earlier: heard(earlier),
    later: heard(later),
    seams,
    seconds,
  });

/** A recording in which "fox" is said as the words 5, 6 and 12, and some words are not recognised. */
function without(lost: readonly number[]): LongAlignment {
  const texts = SAID.split(' ').map((text, at) => ([5, 6, 12].includes(at) ? 'fox' : text));
  const words = texts.map((text, at) => ({ text, start: at, end: at + 1 }));
  const aligned = alignLongWords([{ ...turns[0], text: texts.join(' ') } as ReferenceTurn], words);
  const steps = aligned.errors.steps.map(
    (step, reference): AlignmentStep =>
      lost.includes(reference) ? { kind: 'deletion', reference } : step,
  );
  return { ...aligned, errors: { ...aligned.errors, steps } };
}

/** Each chunk by itself has what they have together. */
function alike(lost: readonly number[]) {
  const each = without(lost);
  return { joined: each, earlier: each, later: each };
}

describe('errors at seams', () => {
  it('are none where both recordings have all words', () => {
    const { atSeams, byJoining, onlyInOne, elsewhere } = compare(SAID);
    assert.deepEqual([atSeams, byJoining, onlyInOne, elsewhere], [[], [], [], []]);
  });

  it('are words that are lost and words that are doubled', () => {
    const [lost] = compare(SAID.replace('fox ', '')).atSeams;
    assert.deepEqual([lost?.kind, lost?.said, lost?.heard], ['lost', 'fox', '']);
    const [doubled] = compare(SAID.replace('fox', 'fox fox')).atSeams;
    assert.deepEqual([doubled?.kind, doubled?.said, doubled?.heard], ['doubled', '', 'fox']);
  });

  it('are not those that the recording in one chunk has as well; its own are told apart', () => {
    for (const both of [SAID.replace('fox ', ''), SAID.replace('fox', 'fox fox')])
      assert.deepEqual(compare(both, { whole: both }).atSeams, []);
    const { atSeams, onlyInOne } = compare(SAID, { whole: SAID.replace('fox ', '') });
    assert.deepEqual([atSeams.length, onlyInOne.map(({ said }) => said)], [0, ['fox']]);
  });

  it('are the same where one of two equal words is lost, whichever; not where they are far apart', () => {
    const between = (joined: number, whole: number) =>
      seamErrors({
        ...alike([joined]),
        whole: without([whole]),
        seams: SEAMS,
        seconds: 16,
      }).atSeams.length;
    assert.equal(between(5, 6), 0);
    assert.equal(between(5, 12), 1);
  });

  it('are counted one by one', () => {
    const { atSeams } = seamErrors({
      ...alike([5, 6]),
      whole: without([6]),
      seams: SEAMS,
      seconds: 16,
    });
    assert.deepEqual(
      atSeams.map(({ kind, said }) => [kind, said]),
      [['lost', 'fox']],
    );
  });

  it('are lost or doubled also where one hides the other, and no other changes', () => {
    const hidden = compare(SAID.replace('fox golf', 'golf golf')).atSeams;
    assert.deepEqual(
      lostOrDoubled(hidden).map(({ kind, said, heard }) => [kind, said, heard]),
      [['doubled', 'fox', 'golf']],
    );
    const changed = compare(SAID.replace('fox', 'box')).atSeams;
    assert.deepEqual(
      changed.map(({ kind }) => kind),
      ['changed'],
    );
    assert.deepEqual(lostOrDoubled(changed), []);
  });

  it('come of joining where one of the chunks does not have them by itself', () => {
    const wrong = SAID.replace('fox ', '');
    const seams = [{ from: 0, to: 15 }];
    assert.equal(compare(wrong, { seams }).byJoining.length, 1);
    assert.equal(compare(wrong, { seams, earlier: wrong }).byJoining.length, 1);
    assert.equal(compare(wrong, { seams, later: wrong }).byJoining.length, 1);
    const both = compare(wrong, { seams, earlier: wrong, later: wrong });
    assert.deepEqual([both.atSeams.length, both.byJoining.length], [1, 0]);
  });

  it('come of joining where both chunks have them, but only near their edges', () => {
    const wrong = SAID.replace('fox ', '');
    assert.equal(compare(wrong, { earlier: wrong, later: wrong }).byJoining.length, 1);
  });

  it('are elsewhere when they are farther off, and nowhere after the end', () => {
    const wrong = SAID.replace('oscar', '').trim();
    const { atSeams, elsewhere } = compare(wrong);
    assert.deepEqual([atSeams.length, elsewhere.length], [0, 1]);
    assert.deepEqual(compare(wrong, { seconds: 12 }).elsewhere, []);
  });
});
