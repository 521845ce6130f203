import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readRttm, writeRttm } from '../../../bench/scoring/rttm.js';

describe('RTTM', () => {
  it('is read as turns in order of time', () => {
    const text =
      'SPEAKER talk 1 5.001 3.686 <NA> <NA> Bruno <NA> <NA>\nSPEAKER talk 1 0.750 3.5 <NA> <NA> MÉO069 <NA> <NA>\n';
    assert.deepEqual(readRttm(text), [
      { start: 0.75, end: 4.25, speaker: 'MÉO069' },
      { start: 5.001, end: 5.001 + 3.686, speaker: 'Bruno' },
    ]);
  });

  it('may have other lines, tabs, carriage returns and no end fields', () => {
    const text =
      ';; a comment\r\n\r\nSPKR-INFO talk 1 <NA> <NA> <NA> unknown A <NA>\r\nSPEAKER talk\t1  1 2 <NA> <NA> A\r\n';
    assert.deepEqual(readRttm(text), [{ start: 1, end: 3, speaker: 'A' }]);
  });

  it('is refused with the number of the line that is no turn', () => {
    assert.throws(
      () => readRttm('SPEAKER a 1 0 1 <NA> <NA> A\nSPEAKER a 1 zero 1 <NA> <NA> A'),
      /Line 2/,
    );
    assert.throws(() => readRttm('SPEAKER a 1 0 -1 <NA> <NA> A'), /Line 1/);
    assert.throws(() => readRttm('SPEAKER a 1 0 1'), /Line 1/);
  });

  it('is written to the millisecond, and what touches still touches', () => {
    const turns = [
      { start: 0.0004, end: 1.2346, speaker: 'A' },
      { start: 1.2346, end: 2.3459, speaker: 'B' },
    ];
    const text = writeRttm({ recording: 'talk', turns });
    assert.equal(
      text,
      'SPEAKER talk 1 0.000 1.235 <NA> <NA> A <NA> <NA>\nSPEAKER talk 1 1.235 1.111 <NA> <NA> B <NA> <NA>\n',
    );
    assert.deepEqual(readRttm(text)[1], { start: 1.235, end: 1.235 + 1.111, speaker: 'B' });
  });

  it('is not written with names that would be read as other fields', () => {
    const turns = [{ start: 0, end: 1, speaker: 'Mary Ann' }];
    assert.throws(() => writeRttm({ recording: 'talk', turns }), /Mary Ann/);
  });
});
