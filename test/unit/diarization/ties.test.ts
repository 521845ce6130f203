import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tiesOfPieces } from '#services/diarization/ties.js';
import type { LocalRun, Piece } from '#services/diarization/types.js';
import { axis } from './made-voices.js';

const run = (window: number, slot: number, start: number, end: number): LocalRun => ({
  window,
  slot,
  start,
  end,
});
/** What a piece sounds like does not matter here. */
const piece = (...at: Parameters<typeof run>): Piece => ({
  ...run(...at),
  embedding: axis(0),
  solo: true,
});
const bonuses = (work: { runs?: readonly LocalRun[]; pieces: readonly Piece[] }, chunkStart = 0) =>
  tiesOfPieces({ runs: work.runs ?? work.pieces, pieces: work.pieces }, chunkStart).map(
    ({ one, other, bonus }) => [one, other, Number(bonus.toFixed(3))],
  );

describe('ties of pieces', () => {
  it('pull pieces of one slot together and push those of two slots of a window apart', () => {
    const pieces = [piece(0, 0, 0, 1), piece(0, 1, 1, 2), piece(0, 0, 2, 3)];
    assert.deepEqual(bonuses({ pieces }), [
      [0, 2, 0.1],
      [0, 1, -0.3],
      [1, 2, -0.3],
    ]);
  });

  it('pull slots of neighbouring windows together that are active at the same times, whatever their numbers', () => {
    const pieces = [piece(0, 0, 6, 7), piece(1, 2, 8, 9)];
    const runs = [run(0, 0, 6, 9), run(1, 2, 6, 9)];
    assert.deepEqual(bonuses({ pieces, runs }), [[0, 1, 0.3]]);
  });

  it('push slots of neighbouring windows apart that are active at different times', () => {
    assert.deepEqual(bonuses({ pieces: [piece(0, 0, 5, 7), piece(1, 0, 7, 9)] }), [[0, 1, -0.3]]);
  });

  it('count what both windows hear only, from where the chunk starts', () => {
    const pieces = [piece(0, 0, 106, 107), piece(1, 0, 108, 109)];
    // Before 105 s only the first window hears, after 110 s only the second.
    const runs = [run(0, 0, 100, 107), run(1, 0, 105, 107), run(1, 0, 110, 115)];
    assert.deepEqual(bonuses({ pieces, runs }, 100), [[0, 1, 0.3]]);
  });

  it('say nothing of slots that are hardly heard in what both windows hear, nor of windows further apart', () => {
    assert.deepEqual(bonuses({ pieces: [piece(0, 0, 1, 3), piece(1, 0, 12, 13)] }), []);
    assert.deepEqual(bonuses({ pieces: [piece(0, 0, 6, 9), piece(2, 0, 12, 13)] }), []);
  });

  it('name each pair once, the lower number first', () => {
    const pieces = [
      piece(1, 1, 6, 7),
      piece(0, 0, 6, 7),
      piece(1, 0, 8, 9),
      piece(0, 1, 8, 9),
      piece(0, 0, 9, 10),
    ];
    const pairs = bonuses({ pieces }).map(([one, other]) => [one, other]);
    for (const [one = 0, other = 0] of pairs) assert.ok(one < other);
    assert.equal(new Set(pairs.map(String)).size, pairs.length);
  });
});
