import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ScoredSpeakers,
  speakerBars,
  speakerTable,
} from '../../../bench/accuracy/speaker-report.js';
import { isMet } from '../../../bench/report/bars.js';
import { scoreDiarization } from '../../../bench/scoring/diarization.js';
import { alignWords } from '../../../bench/scoring/wer.js';

const turn = (speaker: string, start: number, end: number) => ({ speaker, start, end });

/** 10 s of A and 10 s of B; heard: 1 s missed, 2 s of false alarm, 3 s confused. */
const ours = scoreDiarization({
  reference: [turn('A', 0, 10), turn('B', 10, 20)],
  hypothesis: [turn('x', 1, 13), turn('y', 13, 22)],
});
const sherpa = scoreDiarization({
  reference: [turn('A', 0, 10), turn('B', 10, 20)],
  hypothesis: [turn('x', 0, 20)],
});
const scored: ScoredSpeakers[] = [
  { set: 'made', name: 'talk', ours, sherpa, words: alignWords(['a', 'b'], ['a', 'c']) },
  { set: 'ami', name: 'meeting', ours, sherpa: undefined, words: undefined },
];

describe('the table of speakers', () => {
  it('has a row for each recording and each set, with "failed" and – for what there is not', () => {
    assert.deepEqual(speakerTable(scored).split('\n').slice(2), [
      '| talk | 0.3000 | 0.050 / 0.100 / 0.150 | 2 of 2 | 0.5000 | 0.5000 | 0.000 / 0.000 / 0.500 | 1 of 2 |',
      '| made overall | 0.3000 | 0.050 / 0.100 / 0.150 | 1 right, 1 within 1, of 1 | 0.5000 | 0.5000 | 0.000 / 0.000 / 0.500 | 0 right, 1 within 1, of 1 |',
      '| meeting | 0.3000 | 0.050 / 0.100 / 0.150 | 2 of 2 | – | failed | – | – |',
      '| ami overall | 0.3000 | 0.050 / 0.100 / 0.150 | 1 right, 1 within 1, of 1 | – | failed | – | – |',
    ]);
  });
});

describe('the bars about speakers', () => {
  it('are those of the whole evaluation data', () => {
    const bars = speakerBars({ scored, complete: true });
    assert.deepEqual(
      bars.map((bar) => bar.value),
      [0.3, 1, 0.5, 0.3, 1, 1],
    );
    assert.ok(bars.every((bar) => isMet(bar) === false));
  });

  it('are not measured with the fixtures alone', () => {
    assert.ok(speakerBars({ scored, complete: false }).every((bar) => bar.value === undefined));
  });
});
