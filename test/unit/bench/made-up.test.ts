import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { differs } from '../../../bench/check-scorers/compare.js';
import { madeUpHypotheses } from '../../../bench/check-scorers/made-up.js';
import { scoreDiarization } from '../../../bench/scoring/diarization.js';
import { readReference } from '../../../bench/scoring/references.js';
import { scoreSpeakerWords, wordsOfTurns } from '../../../bench/scoring/speaker-words.js';
import { fixture } from '../../support/paths.js';

describe('made-up hypotheses', () => {
  const { turns } = readReference(fixture('three-speakers-reverb', 'json'));
  const hypotheses = madeUpHypotheses(turns);
  const named = (name: string) => hypotheses.find((each) => each.name === name)?.turns ?? [];
  const errors = (name: string) => scoreDiarization({ reference: turns, hypothesis: named(name) });

  it('are wrong in every way that is scored', () => {
    const all = errors('all of it at once');
    assert.ok(all.miss > 0 && all.falseAlarm > 0 && all.confusion > 0);
    const words = scoreSpeakerWords({
      reference: wordsOfTurns(turns),
      hypothesis: wordsOfTurns(named('all of it at once')),
    });
    assert.ok(words.substitutions > 0 && words.deletions > 0 && words.insertions > 0);
  });

  it('are wrong in the way that their name says', () => {
    assert.equal(errors('a speaker dropped').hypothesisSpeakers, 2);
    assert.equal(errors('a false speaker').hypothesisSpeakers, 4);
    assert.equal(errors('one speaker for all').hypothesisSpeakers, 1);
    assert.equal(errors('words wrong').rate, 0);
    // Where two turns that overlap become one speaker's, one of the two is missed.
    const { miss, falseAlarm, confusion } = errors('labels swapped');
    assert.ok(confusion > 10 * miss && falseAlarm < 1e-6, `${confusion} ${miss} ${falseAlarm}`);
  });

  it('hold no two turns of one speaker at the same time', () => {
    for (const { name, turns: made } of hypotheses)
      for (const [index, turn] of made.entries())
        for (const other of made.slice(index + 1))
          assert.ok(
            turn.speaker !== other.speaker || other.start >= turn.end,
            `${name}: ${turn.end} ${other.start}`,
          );
  });

  it('are the same every time', () => {
    assert.deepEqual(madeUpHypotheses(turns), hypotheses);
  });
});

describe('compared figures', () => {
  it('are equal when they agree to three decimals', () => {
    assert.equal(differs({ ours: 0.1234, theirs: 0.1238 }), false);
    assert.equal(differs({ ours: 0.1234, theirs: 0.124 }), true);
  });

  it('differ when one of them is missing', () => {
    assert.equal(differs({ ours: 0.1, theirs: Number.NaN }), true);
  });
});
