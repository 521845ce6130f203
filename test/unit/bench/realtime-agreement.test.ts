import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { speakerAgreement } from '../../../bench/realtime/agreement.js';

const words = (speakers: string, shift = 0) =>
  [...speakers].map((speaker, index) => ({
    text: `w${index}`,
    start: index + shift,
    end: index + 0.8 + shift,
    confidence: 1,
    speaker,
  }));

describe('agreement of live speakers with those of an upload', () => {
  it('asks for the same people, not for the same names', () => {
    assert.equal(speakerAgreement(words('AABB'), words('BBCC')), 1);
    assert.equal(speakerAgreement(words('AABB'), words('AAAA')), 0.5);
    assert.equal(speakerAgreement(words('AABB'), words('ABCC')), 0.75);
  });

  it('finds a word again that begins a little earlier or later', () => {
    assert.equal(speakerAgreement(words('ABAB'), words('ABAB', 0.3)), 1);
  });

  it('counts a word that was not heard as different', () => {
    assert.equal(speakerAgreement(words('AABB'), words('AAB')), 0.75);
    assert.equal(speakerAgreement(words('AABB'), []), 0);
    assert.equal(speakerAgreement([], []), 1);
  });
});
