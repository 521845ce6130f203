import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChannelOrder } from '#services/transcription/split-channels-order.js';
import { turnsOf } from '#services/transcription/split-channels-turns.js';
import type { Segment, Word } from '#utils/transcript/types.js';

const word = (start: number, end: number): Word => ({ text: 'word', start, end, confidence: 1 });

function segment(start: number, end: number, more: Partial<Segment> = {}): Segment {
  const figures = { temperature: 0, avgLogprob: 0, compressionRatio: 1, noSpeechProb: 0 };
  return {
    id: 0,
    start,
    end,
    text: 'word',
    words: [word(start, end)],
    tokens: [],
    ...figures,
    ...more,
  };
}

const taken = (order: ChannelOrder) =>
  [...order.take()].map(({ channel, segment: { start } }) => [channel, start]);

describe('the order of two channels', () => {
  it('keeps a segment back until the other channel can have no earlier one', () => {
    const order = new ChannelOrder();
    order.add(0, segment(5, 6));
    assert.deepEqual(taken(order), []);
    order.advance(1, 4);
    assert.deepEqual(taken(order), []);
    order.add(1, segment(4.5, 7));
    assert.deepEqual(taken(order), [[1, 4.5]]);
    order.advance(1, 7);
    assert.deepEqual(taken(order), [[0, 5]]);
  });

  it('lets everything through once both channels are done', () => {
    const order = new ChannelOrder();
    for (const start of [1, 3, 9]) order.add(0, segment(start, start + 1));
    for (const start of [2, 3]) order.add(1, segment(start, start + 1));
    order.advance(1, Number.POSITIVE_INFINITY);
    order.advance(0, 10);
    assert.deepEqual(taken(order), [
      [0, 1],
      [1, 2],
      [0, 3],
      [1, 3],
      [0, 9],
    ]);
  });

  it('knows as much as the slower channel', () => {
    const order = new ChannelOrder();
    order.advance(0, 30);
    assert.equal(order.known, 0);
    order.advance(1, 20);
    order.advance(1, 10);
    assert.equal(order.known, 20);
  });
});

describe('turns of two channels', () => {
  it('close short pauses, also between segments, and end at longer ones', () => {
    const words = [word(1, 2), word(2.4, 3), word(3.6, 4)];
    const { turns } = turnsOf([
      segment(1, 4, { words, speaker: 'Left' }),
      segment(4.3, 5, { speaker: 'Left' }),
    ]);
    assert.deepEqual(turns, [
      { start: 1, end: 3, speaker: 'Left' },
      { start: 3.6, end: 5, speaker: 'Left' },
    ]);
  });

  it('of different speakers may overlap, and are ordered by start', () => {
    const { turns, speakers } = turnsOf([
      segment(2, 9, { words: [word(2, 5), word(7, 9)], speaker: 'Right' }),
      segment(4, 6, { speaker: 'Left' }),
    ]);
    assert.deepEqual(turns, [
      { start: 2, end: 5, speaker: 'Right' },
      { start: 4, end: 6, speaker: 'Left' },
      { start: 7, end: 9, speaker: 'Right' },
    ]);
    assert.deepEqual(speakers, [
      { name: 'Right', seconds: 5 },
      { name: 'Left', seconds: 2 },
    ]);
  });

  it('take the whole segment where the engine gives no words', () => {
    assert.deepEqual(turnsOf([segment(1, 3, { words: [], speaker: 'Left' })]).turns, [
      { start: 1, end: 3, speaker: 'Left' },
    ]);
  });
});
