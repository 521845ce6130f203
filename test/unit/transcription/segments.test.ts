import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RecognisedSegment } from '#services/asr/types.js';
import { batchesByLength } from '#services/transcription/batches.js';
import { compressionRatio } from '#services/transcription/compression-ratio.js';
import { placeWords } from '#services/transcription/place-words.js';
import { planSegments } from '#services/transcription/plan-segments.js';
import { betterReading, secondCuts } from '#services/transcription/second-pass.js';

const span = (start: number, end: number) => ({ start, end, probability: 0.9 });
const word = (text: string, start: number, end: number) => ({ text, start, end, confidence: 1 });

describe('planSegments', () => {
  it('joins spans over short pauses and cuts in long ones', () => {
    const plan = planSegments([span(1, 2), span(2.2, 3), span(5, 6)], { totalSeconds: 10 });
    assert.deepEqual(
      plan.map(({ start, end, spans }) => [start.toFixed(2), end.toFixed(2), spans.length]),
      [
        ['0.70', '3.30', 2],
        ['4.70', '6.30', 1],
      ],
    );
  });

  it('gives each side half of a short pause, so that no audio is heard twice', () => {
    const [one, two] = planSegments([span(0, 8), span(8.4, 16)], { totalSeconds: 16 });
    assert.equal(one?.end.toFixed(2), '8.20');
    assert.equal(two?.start.toFixed(2), '8.20');
  });

  it('stays inside the recording and joins nothing beyond the longest segment', () => {
    const plan = planSegments([span(0.1, 9), span(9.2, 16), span(16.1, 16.4)], {
      totalSeconds: 16.5,
    });
    assert.equal(plan[0]?.start, 0);
    assert.equal(plan.at(-1)?.end, 16.5);
    for (const { start, end } of plan) assert.ok(end - start <= 15.6);
  });
});

describe('batchesByLength', () => {
  const piece = (seconds: number) => ({ start: 0, end: seconds });

  it('puts pieces of like length together, longest first, within both limits', () => {
    const batches = batchesByLength([3, 20, 18, 2, 13, 4, 1, 1].map(piece), 3);
    assert.deepEqual(
      batches.map((batch) => batch.map(({ end }) => end)),
      [
        [20, 18],
        [13, 4, 3],
        [2, 1, 1],
      ],
    );
  });

  it('takes a piece longer than the limit alone, and nothing from nothing', () => {
    assert.deepEqual(batchesByLength([piece(90), piece(1)], 8).length, 2);
    assert.deepEqual(batchesByLength([], 8), []);
  });
});

describe('placeWords', () => {
  it('moves the first word out of the silence before it', () => {
    const [placed] = placeWords([word('Hello', 0, 1.4)], [span(1, 2)]);
    assert.deepEqual([placed?.start.toFixed(2), placed?.end], ['0.95', 1.4]);
  });

  it('moves a word that was put into a pause to the speech after it', () => {
    const [the, lake] = placeWords([word('The', 0.7, 0.95), word('lake', 0.96, 1.4)], [span(1, 2)]);
    assert.equal(the?.start.toFixed(2), '0.95');
    assert.ok(the && lake && the.end <= lake.start && lake.start <= 0.99);
  });

  it('leaves a word alone that the detector did not hear and that no speech is near to', () => {
    const [placed] = placeWords([word('faint', 0.2, 0.5)], [span(2, 3)]);
    assert.deepEqual([placed?.start, placed?.end], [0.2, 0.5]);
  });

  it('ends a word where the pause after it begins', () => {
    const [first, second] = placeWords(
      [word('one', 0.2, 1.4), word('two', 1.4, 2.5)],
      [span(0, 0.8), span(1.5, 2.6)],
    );
    assert.equal(first?.end.toFixed(2), '0.85');
    assert.equal(second?.start.toFixed(2), '1.45');
  });

  it('keeps words in order and apart, also those in no span', () => {
    const placed = placeWords(
      [word('a', 0, 0.1), word('b', 0.05, 0.3), word('c', 3, 3.2)],
      [span(0.2, 0.5)],
    );
    placed.forEach((each, index) => {
      const next = placed[index + 1];
      assert.ok(each.end >= each.start);
      if (next) assert.ok(next.start >= each.start && each.end <= next.start);
    });
  });
});

describe('the second reading', () => {
  const recognised = (text: string, avgLogprob: number): RecognisedSegment => ({
    text,
    words: [word(text, 0, 1)],
    tokens: [1, 2],
    avgLogprob,
    temperature: 0,
    language: 'en',
  });
  const [segment] = planSegments([span(1, 2), span(2.3, 3)], { totalSeconds: 5 });
  assert.ok(segment);

  it('cuts only doubtful segments, and never outside of them', () => {
    assert.deepEqual(secondCuts({ segment, recognised: recognised('sure', -0.05) }), []);
    const cuts = secondCuts({ segment, recognised: recognised('doubtful', -0.3) });
    assert.equal(cuts.length, 2);
    for (const { start, end } of cuts) assert.ok(start >= segment.start && end <= segment.end);
  });

  it('has no other cut for one span of speech', () => {
    const [single] = planSegments([span(1, 2)], { totalSeconds: 5 });
    assert.ok(single);
    assert.deepEqual(secondCuts({ segment: single, recognised: recognised('?', -2) }), []);
  });

  it('keeps the more certain reading, with the words where they were heard', () => {
    const first = { segment, recognised: recognised('first', -0.3) };
    const parts = secondCuts(first);
    const surer = parts.map((part) => ({ segment: part, recognised: recognised('part', -0.1) }));
    const better = betterReading(first, surer);
    assert.equal(better.text, 'part part');
    const offset = (parts[1]?.start ?? 0) - segment.start;
    assert.equal(better.words[1]?.start, offset);
    const worse = parts.map((part) => ({ segment: part, recognised: recognised('part', -0.4) }));
    assert.equal(betterReading(first, worse).text, 'first');
  });

  it('never prefers saying nothing', () => {
    const first = { segment, recognised: recognised('first', -3) };
    const nothing = { segment, recognised: { ...recognised('', 0), words: [] } };
    assert.equal(betterReading(first, [nothing]).text, 'first');
  });
});

describe('compressionRatio', () => {
  it('is high for repetition, near one for plain text, 0 for nothing', () => {
    assert.ok(compressionRatio('again and again and '.repeat(20)) > 5);
    assert.ok(compressionRatio('The lawyers can keep their paragraph.') < 1.2);
    assert.equal(compressionRatio(''), 0);
  });
});
