import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type HoleLimits, holeIsCredible } from '#services/audio/credible-hole.js';
import { type Hole, Timeline } from '#services/audio/timeline.js';

const PIECE = 0.02;
const HOUR = 3600;

type Start = number | undefined;

/** The silence before each piece of 20 ms, as [number of the piece, seconds]. Every piece comes out, in order. */
function silences(
  starts: readonly Start[],
  options: { startSeconds?: number; isCredible?: (hole: Hole) => boolean } = {},
): [piece: number, seconds: number][] {
  const { startSeconds, isCredible = () => true } = options;
  const timeline = new Timeline<number>({ startSeconds, isCredible });
  const placed = starts.flatMap((start, item) => [
    ...timeline.place(item, { startSeconds: start, seconds: PIECE, bytePosition: item }),
  ]);
  placed.push(...timeline.rest());
  assert.deepEqual(
    placed.map(({ item }) => item),
    starts.map((_, index) => index),
  );
  return placed
    .filter(({ silenceSeconds }) => silenceSeconds > 0)
    .map(({ item, silenceSeconds }) => [item, Number(silenceSeconds.toFixed(3))]);
}

/** Timestamps of pieces that follow each other. */
function run(pieces: number, from = 0): number[] {
  return Array.from({ length: pieces }, (_, i) => from + i * PIECE);
}

describe('timeline of a recording', () => {
  it('puts a hole before the first piece after it', () => {
    assert.deepEqual(silences([...run(50), ...run(50, 4)]), [[50, 3]]);
  });

  it('fills several holes, and each alone', () => {
    const starts = [...run(10), ...run(10, 1), ...run(10, 2)];
    assert.deepEqual(silences(starts), [
      [10, 0.8],
      [20, 0.8],
    ]);
  });

  it('adds up lost pieces, each too short to be filled', () => {
    const starts = run(1000).filter((_, i) => i % 10 !== 5);
    const filled = silences(starts).reduce((sum, [, seconds]) => sum + seconds, 0);
    assert.ok(Math.abs(filled - 2) <= 0.2, `${filled} s`);
  });

  it('begins with the first timestamp, unless told where the recording begins', () => {
    assert.deepEqual(silences(run(50, 100)), []);
    assert.deepEqual(silences(run(50, 100), { startSeconds: 0 }), [[0, 100]]);
  });

  const untouched: Record<string, Start[]> = {
    'there are no timestamps': Array.from({ length: 100 }, () => undefined),
    'all timestamps are the same': Array.from({ length: 100 }, () => 5),
    'only every fiftieth moves on': run(500).map((_, i) => Math.floor(i / 50)),
    'they are rounded': run(500).map((start) => Math.round(start * 100) / 100),
    'they tremble': run(500).map((start, i) => start + 0.09 * Math.sin(i)),
    'they go back to zero': [...run(100), ...run(300)],
    'they go a little faster than the samples': run(50_000).map((start) => start * 1.0002),
    'they fall behind and are put right now and then': run(5000).map(
      (start, i) => start - (i % 100) * 0.0003,
    ),
    'one of them is far ahead': [...run(50), 300, ...run(50, 51 * PIECE)],
    'the last one is far ahead': [...run(50), 300],
  };
  for (const [name, starts] of Object.entries(untouched)) {
    it(`adds nothing where ${name}`, () => assert.deepEqual(silences(starts), []));
  }

  it('adds nothing for a jump that is not credible, and fills holes before it', () => {
    const starts = [...run(50), ...run(50, 2), ...run(200, 10 * HOUR)];
    const isCredible = (hole: Hole): boolean => hole.endSeconds < 100;
    assert.deepEqual(silences(starts, { isCredible }), [[50, 1]]);
  });

  it('keeps a hole in which damaged bytes looked like a piece of another time', () => {
    const starts = [...run(50), 40, undefined, ...run(50, 4)];
    assert.deepEqual(silences(starts), [[52, 4 - 52 * PIECE]]);
  });
});

describe('credible holes', () => {
  const hole: Hole = {
    seconds: 150,
    endSeconds: 450,
    decodedSeconds: 300,
    filledSeconds: 0,
    fromByte: 2_000_000,
    toByte: 3_000_000,
  };
  const limits: HoleLimits = {
    container: 'matroska',
    fileBytes: 4_000_000,
    claimedSeconds: 600,
    maxAudioSeconds: 90_000,
  };
  /** All bytes are there, so nothing was overwritten: packets are missing. */
  const without = { fromByte: 2_000_000, toByte: 2_000_100 };

  const cases: [
    name: string,
    change: Partial<Hole>,
    limit: Partial<HoleLimits>,
    credible: boolean,
  ][] = [
    ['within the claim', {}, {}, true],
    ['beyond the claim', { endSeconds: 602 }, {}, false],
    ['beyond the longest recording', {}, { maxAudioSeconds: 449 }, false],
    ['beyond what the file can hold', {}, { fileBytes: 30_000 }, false],
    ['of bytes, without a claim', { decodedSeconds: 100 }, { claimedSeconds: undefined }, true],
    ['of no bytes, no longer than the rest', without, { claimedSeconds: undefined }, true],
    [
      'of no bytes, longer than the rest',
      { ...without, decodedSeconds: 100 },
      { claimedSeconds: undefined },
      false,
    ],
    ['of bytes in a broadcast', {}, { container: 'mpegts' }, true],
    ['of no bytes in a broadcast', without, { container: 'mpegts' }, false],
    ['of seconds in a broadcast', { ...without, seconds: 8 }, { container: 'mpegts' }, true],
  ];
  for (const [name, change, limit, credible] of cases) {
    it(`${credible ? 'include' : 'do not include'} one ${name}`, () => {
      assert.equal(holeIsCredible({ ...hole, ...change }, { ...limits, ...limit }), credible);
    });
  }
});
