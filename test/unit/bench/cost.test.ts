import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reportCost } from '../../../bench/cost/report.js';
import { planLongRecording } from '../../../bench/support/long-recording.js';

const cost = (audioSeconds: number, cpuSeconds: number) => ({
  audioSeconds,
  cpuSeconds,
  wallSeconds: cpuSeconds / 2,
  cpuByProcess: [],
  peakBytes: 1e9,
});

describe('the cost of transcription', () => {
  const report = reportCost({
    environment: '- here',
    speakers: 2,
    words: cost(600, 12),
    models: { cpuSeconds: 18, kinds: [{ name: 'recognition', cpuSeconds: 10, wallSeconds: 5 }] },
    lengths: [cost(60, 3), cost(600, 20), cost(3600, 144)],
    people: [{ count: 1, cost: cost(600, 20) }],
    atOnce: [{ count: 4, cost: cost(1200, 48) }],
  });

  it('is told for an hour of audio, what is around the models included', () => {
    assert.match(report, /\| recognition \| 60 \|/);
    assert.match(report, /\| everything around them: [^|]+\| 12 \|/);
    assert.match(report, /\| all, with speakers \| 120 \|/);
    assert.match(report, /\| 4 \| 144 \| 24\.0 \| 50x \| 1000 \|/);
  });

  it('says what a fleet needs for a thousand hours a day', () => {
    assert.match(report, /\| with speakers \| 40\.0 \| 2\.8 \|/);
  });
});

describe('a long conversation between fewer people', () => {
  it('has turns of the first so many alone', () => {
    const turns = ['A', 'B', 'C'].map((speaker, index) => ({
      speaker,
      start: index * 4,
      end: index * 4 + 3,
    }));
    const plan = planLongRecording({ turns, seconds: 60, people: 2 });
    assert.deepEqual([...new Set(plan.turns.map(({ speaker }) => speaker))].sort(), ['A', 'B']);
  });
});
