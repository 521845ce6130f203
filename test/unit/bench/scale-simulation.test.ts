import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScaleFigures } from '../../../bench/scale/figures.js';
import { plantOf } from '../../../bench/scale/simulation/costs.js';
import { EventQueue } from '../../../bench/scale/simulation/event-queue.js';
import { limitsOf, rateOfOne } from '../../../bench/scale/simulation/limits.js';
import { type Plant, UNLIMITED } from '../../../bench/scale/simulation/plant.js';
import { simulate } from '../../../bench/scale/simulation/simulate.js';
import { latencies, sweep } from '../../../bench/scale/simulation/sweep.js';

/** Chunks of 100 s of audio, each of which takes a worker 5 s. */
const plant = (more: Partial<Plant> = {}): Plant => ({
  ...UNLIMITED,
  workers: 1,
  jobs: 100,
  chunksPerJob: 10,
  chunkAudioSeconds: 100,
  drawWorkSeconds: () => 5,
  ...more,
});

/** Ten chunks of a minute, each worked through in 2 s, some a little faster, some slower. */
const figures: ScaleFigures = {
  environment: '',
  recording: { seconds: 600, bytes: 9_600_000 },
  chunkSeconds: 65,
  overlapSeconds: 5,
  cut: { seconds: 3, chunks: 10, flacBytes: 9_600_000 },
  redis: { commandsPerSecond: 20_000, idleCommandsPerSecond: 1 },
  runs: [
    {
      workers: 1,
      pinning: '',
      seconds: 25,
      uploadSeconds: 0.6,
      mergeSeconds: 1.2,
      chunks: [1.6, 1.8, 2, 2.2, 2.4, 1.6, 1.8, 2, 2.2, 2.4].map((workSeconds) => ({
        audioSeconds: 60,
        workSeconds,
      })),
      redis: { commands: 600, bytesIn: 0, bytesOut: 0, cpuSeconds: 0, byName: {} },
      stored: { recording: 9_600_000, audio: 9_600_000, results: 60_000, transcript: 60_000 },
      transcriptHash: '',
    },
  ],
};
const assumed = {
  jobSeconds: 3600,
  chunkSeconds: 600,
  storeBytesPerSecond: 125e6,
  linkBytesPerSecond: 125e6,
  gateways: 2,
  seed: 7,
};

const about = (actual: number, expected: number, share: number): void =>
  assert.ok(Math.abs(actual / expected - 1) <= share, `${actual} is not about ${expected}`);

describe('simulated workers', () => {
  it('have the measured rate where there is one of them and no limit', () => {
    assert.equal(simulate(plant()).throughput, 20);
  });

  it('do as many times as much as there are of them where there is no other limit', () => {
    about(simulate(plant({ workers: 50 })).throughput, 50 * 20, 0.03);
  });

  it('also cut and merge, in the same time', () => {
    const outcome = simulate(plant({ cutSecondsPerChunk: 1, mergeSecondsPerJob: 20 }));
    about(outcome.throughput, 100 / (5 + 1 + 2), 0.03);
    about(outcome.cutting, 1 / 8, 0.05);
    about(outcome.merging, 2 / 8, 0.05);
  });

  it('never do more than the line of the store lets through', () => {
    const store = { bytesPerSecond: 1e6, recordingBytes: 0, chunkBytes: 1e6, resultBytes: 0 };
    const outcome = simulate(plant({ workers: 64, store }));
    // Each chunk is written once and read once.
    assert.ok(outcome.throughput <= 50.0001, `${outcome.throughput}`);
    about(outcome.throughput, 50, 0.06);
    about(outcome.busy.store, 1, 0.03);
  });

  it('never do more than Redis answers', () => {
    const redis = { secondsPerChunk: 0.5, secondsPerJob: 0 };
    const outcome = simulate(plant({ workers: 64, redis }));
    about(outcome.throughput, 200, 0.03);
    about(outcome.busy.Redis, 1, 0.03);
  });

  it('never do more than gateways take, and each gateway adds its own', () => {
    const of = (count: number) => {
      const gateways = { count, secondsPerJob: 10 };
      return simulate(plant({ workers: 64, gateways }));
    };
    about(of(1).throughput, 100, 0.03);
    about(of(2).throughput, 200, 0.03);
    about(of(2).busy.gateways, 1, 0.03);
  });

  it('finish a single recording no sooner with more of them than it has chunks', () => {
    const seconds = (workers: number) => simulate(plant({ jobs: 1, workers })).seconds;
    assert.deepEqual([1, 2, 5, 10, 1000].map(seconds), [50, 25, 10, 5, 5]);
  });

  it('cannot share the cutting of a single recording, nor its merging', () => {
    const work = { jobs: 1, workers: 1000, cutSecondsPerChunk: 2, mergeSecondsPerJob: 3 };
    // All cuts one after another, the last chunk, the merge.
    assert.equal(simulate(plant(work)).seconds, 10 * 2 + 5 + 3);
  });
});

describe('what is simulated from measured figures', () => {
  it('is the measured rate for one worker', () => {
    const one = rateOfOne(figures);
    about(one, 600 / (20 + 3 + 1.2), 0.001);
    const [flow] = sweep(figures, { ...assumed, counts: [1] });
    about(flow?.outcome.throughput ?? 0, one, 0.05);
  });

  it('is the same for the same seed, and another for another', () => {
    const seconds = (seed: number) =>
      simulate(plantOf(figures, { ...assumed, seed, workers: 3, jobs: 5 })).seconds;
    assert.equal(seconds(1), seconds(1));
    assert.notEqual(seconds(1), seconds(2));
  });

  it('stays below every limit and comes near the lowest', () => {
    const [limit] = limitsOf(figures, assumed);
    const [flow] = sweep(figures, { ...assumed, counts: [1000] });
    assert.ok(limit && flow);
    assert.equal(flow.bottleneck, limit.resource);
    assert.ok(flow.outcome.throughput <= limit.throughput * 1.001, `${flow.outcome.throughput}`);
    about(flow.outcome.throughput, limit.throughput, 0.05);
  });

  it('has its bottleneck elsewhere when the line of the store is wider', () => {
    const [narrow] = limitsOf(figures, assumed);
    const [wide] = limitsOf(figures, { ...assumed, storeBytesPerSecond: 1e12 });
    assert.equal(narrow?.resource, 'store');
    assert.notEqual(wide?.resource, 'store');
  });

  it('gains from shorter chunks where one recording meets many workers', () => {
    const [long] = latencies(figures, { ...assumed, counts: [1000] });
    const [short] = latencies(figures, { ...assumed, chunkSeconds: 65, counts: [1000] });
    assert.ok(long && short);
    assert.ok(short.seconds < long.seconds);
  });
});

describe('a queue of events', () => {
  it('lets things happen in order of their time, and those of one time in order of arrival', () => {
    const events = new EventQueue();
    const happened: string[] = [];
    const times = [3, 1, 2, 1, 5, 0, 4, 2];
    for (const [index, at] of times.entries())
      events.at(at, () => happened.push(`${events.now}:${index}`));
    events.run();
    assert.deepEqual(happened, ['0:5', '1:1', '1:3', '2:2', '2:7', '3:0', '4:6', '5:4']);
  });

  it('lets happen what comes of an event, and never goes back', () => {
    const events = new EventQueue();
    const happened: number[] = [];
    events.at(2, () => events.at(1, () => happened.push(events.now)));
    events.at(2, () => events.at(3, () => happened.push(events.now)));
    events.run();
    assert.deepEqual(happened, [2, 3]);
  });
});
