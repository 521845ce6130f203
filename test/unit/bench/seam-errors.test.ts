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

/** Errors at the one seam, from second 6 to 7 (3 to 10 with what counts as near), and elsewhere. */
const errorsOf = (chunked: string, whole: string = SAID) =>
  seamErrors({
    chunked: heard(chunked),
    whole: heard(whole),
    seams: [{ from: 6, to: 7 }],
    seconds: 16,
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

describe('errors at seams', () => {
  it('are none where both recordings have all words', () => {
    const { atSeams, elsewhere } = errorsOf(SAID);
    assert.deepEqual([atSeams, elsewhere], [[], []]);
  });

  it('are words that are lost and words that are doubled', () => {
    const [lost] = errorsOf(SAID.replace('fox ', '')).atSeams;
    assert.deepEqual([lost?.kind, lost?.said, lost?.heard], ['lost', 'fox', '']);
    const [doubled] = errorsOf(SAID.replace('fox', 'fox fox')).atSeams;
    assert.deepEqual([doubled?.kind, doubled?.said, doubled?.heard], ['doubled', '', 'fox']);
  });

  it('are not those that the recording in one chunk has as well', () => {
    for (const both of [SAID.replace('fox ', ''), SAID.replace('fox', 'fox fox')])
      assert.deepEqual(errorsOf(both, both).atSeams, []);
  });

  it('are the same where one of two equal words is lost, whichever; not where they are far apart', () => {
    const between = (chunked: number, whole: number) =>
      seamErrors({
        chunked: without([chunked]),
        whole: without([whole]),
        seams: [{ from: 6, to: 7 }],
        seconds: 16,
      }).atSeams.length;
    assert.equal(between(5, 6), 0);
    assert.equal(between(5, 12), 1);
  });

  it('are counted one by one', () => {
    const { atSeams } = seamErrors({
      chunked: without([5, 6]),
      whole: without([6]),
      seams: [{ from: 6, to: 7 }],
      seconds: 16,
    });
    assert.deepEqual(
      atSeams.map(({ kind, said }) => [kind, said]),
      [['lost', 'fox']],
    );
  });

  it('are lost or doubled also where one hides the other, and no other changes', () => {
    const hidden = errorsOf(SAID.replace('fox golf', 'golf golf')).atSeams;
    assert.deepEqual(
      lostOrDoubled(hidden).map(({ kind, said, heard }) => [kind, said, heard]),
      [['doubled', 'fox', 'golf']],
    );
    const changed = errorsOf(SAID.replace('fox', 'box')).atSeams;
    assert.deepEqual(
      changed.map(({ kind }) => kind),
      ['changed'],
    );
    assert.deepEqual(lostOrDoubled(changed), []);
  });

  it('are elsewhere when they are farther off, and nowhere after the end', () => {
    const { atSeams, elsewhere } = errorsOf(SAID.replace('oscar', '').trim());
    assert.deepEqual([atSeams.length, elsewhere.length], [0, 1]);
    const cut = seamErrors({
      chunked: heard(SAID.replace('oscar', '').trim()),
      whole: heard(SAID),
      seams: [{ from: 6, to: 7 }],
      seconds: 12,
    });
    assert.deepEqual(cut.elsewhere, []);
    assert.deepEqual([cut.secondsAtSeams, cut.secondsElsewhere], [7, 5]);
  });
});
