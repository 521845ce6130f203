import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tracksOfChunk } from '#services/diarization/chunk-tracks.js';
import type { BlockAnalysis, LocalRun, Piece } from '#services/diarization/types.js';
import { cosine } from '#services/diarization/vectors.js';
import { axis, between, piecesOf } from './made-voices.js';

const [alice, bruno] = [axis(0), axis(1)];
const run = (window: number, slot: number, start: number, end: number): LocalRun => ({
  window,
  slot,
  start,
  end,
});
const piece = (at: LocalRun, embedding: Float32Array, solo = true): Piece => ({
  ...at,
  embedding,
  solo,
});
const block = (fields: Partial<BlockAnalysis>): BlockAnalysis => ({
  windows: 1,
  runs: [],
  pieces: [],
  ...fields,
});

describe('tracksOfChunk', () => {
  it('finds no track where nothing was heard, or no block came', () => {
    const nothing = { start: 5, end: 15, tracks: [], asides: [], ties: [], links: [] };
    assert.deepEqual(tracksOfChunk({ start: 5, end: 15, blocks: [block({})] }), nothing);
    assert.deepEqual(tracksOfChunk({ start: 5, end: 15, blocks: [] }), nothing);
  });

  it('joins pieces that sound alike to a track, across windows and blocks', () => {
    // Two windows of a chunk that starts at 100 s; each hears what both share.
    const runs = [
      run(0, 0, 101, 103),
      run(0, 1, 104, 107),
      run(1, 1, 105, 107),
      run(1, 0, 110, 112),
    ];
    const blocks = [
      block({
        runs: runs.slice(0, 2),
        pieces: [piece(run(0, 0, 101, 103), alice), piece(run(0, 1, 104, 107), bruno)],
      }),
      block({ runs: runs.slice(2), pieces: [piece(run(1, 0, 110, 112), alice)] }),
    ];
    const { tracks, asides } = tracksOfChunk({ start: 100, end: 115, blocks });
    assert.equal(asides.length, 0);
    assert.deepEqual(
      tracks.map(({ seconds, squares, turns }) => ({ seconds, squares, turns })),
      [
        {
          seconds: 4,
          squares: 8,
          turns: [
            { start: 101, end: 103 },
            { start: 110, end: 112 },
          ],
        },
        { seconds: 3, squares: 9, turns: [{ start: 104, end: 107 }] },
      ],
    );
    for (const { cohesion } of tracks) assert.ok(Math.abs(cohesion - 1) < 1e-6);
  });

  it('takes each second from the window that has it in its middle', () => {
    // The windows do not quite agree on what both hear; 7.5 s is the border.
    const blocks = [
      block({
        windows: 2,
        runs: [run(0, 0, 5.2, 7.2), run(0, 0, 8.8, 9.4), run(1, 0, 5.6, 7.2), run(1, 0, 8.4, 9.6)],
        pieces: [piece(run(0, 0, 5.2, 7.2), alice), piece(run(1, 0, 8.4, 9.6), alice)],
      }),
    ];
    const { tracks } = tracksOfChunk({ start: 0, end: 15, blocks });
    assert.deepEqual(
      tracks.map(({ turns }) => turns),
      [
        [
          { start: 5.2, end: 7.2 },
          { start: 8.4, end: 9.6 },
        ],
      ],
    );
  });

  it('parts a run of one slot between two voices, in the middle of what lies between their pieces', () => {
    const pieces = [piece(run(0, 0, 1, 3), alice), piece(run(0, 0, 4, 6), bruno)];
    const blocks = [block({ runs: [run(0, 0, 0.5, 6.5)], pieces })];
    const { tracks } = tracksOfChunk({ start: 0, end: 10, blocks });
    assert.deepEqual(
      tracks.map(({ turns }) => turns),
      [[{ start: 0.5, end: 3.5 }], [{ start: 3.5, end: 6.5 }]],
    );
  });

  it('keeps a voice apart that is only heard together with others', () => {
    const pieces = [piece(run(0, 0, 0, 5), alice), piece(run(0, 1, 2, 3), bruno, false)];
    const blocks = [block({ runs: [run(0, 0, 0, 5), run(0, 1, 2, 3)], pieces })];
    const { tracks, asides, ties } = tracksOfChunk({ start: 0, end: 10, blocks });
    assert.deepEqual(asides, [{ track: 1, embedding: bruno, turns: [{ start: 2, end: 3 }] }]);
    assert.deepEqual(
      tracks.map(({ seconds, turns }) => [seconds, turns.length]),
      [
        [5, 1],
        [0.2, 0],
      ],
    );
    // They are two slots of one window.
    assert.equal(ties.length, 1);
    assert.ok(Math.abs((ties[0]?.weight ?? 0) - -0.3 * 5 * 0.2) < 1e-9);
  });

  it('says what its pieces sound like on average and how alike they are', () => {
    const other = between(alice, bruno, 0.96);
    const pieces = [piece(run(0, 0, 0, 3), alice), piece(run(0, 0, 3, 4), other)];
    const { tracks } = tracksOfChunk({
      start: 0,
      end: 10,
      blocks: [block({ runs: [run(0, 0, 0, 4)], pieces })],
    });
    const [track] = tracks;
    assert.ok(track && tracks.length === 1);
    const mean = alice.map((value, at) => (3 * value + (other[at] ?? 0)) / 4);
    assert.ok(Math.abs(track.cohesion - Math.hypot(...mean)) < 1e-6);
    mean.forEach((value, at) => {
      assert.ok(Math.abs((track.embedding[at] ?? 0) * track.cohesion - value) < 1e-6);
    });
  });

  it('joins the pieces of a long chunk in groups, with the same people as a result', () => {
    const people = [alice, bruno, axis(2)];
    const windows = 800;
    const made = people.map((person, index) =>
      piecesOf({ person, count: windows, alike: 0.98, seed: index + 1 }),
    );
    const pieces = Array.from({ length: windows }, (_, window) =>
      people.map((_, slot) => {
        const start = 5 * window + 2.5 + 1.6 * slot;
        return piece(
          run(window, slot, start, start + 1.5),
          made[slot]?.[window]?.embedding ?? alice,
        );
      }),
    ).flat();
    const startedAt = performance.now();
    const { tracks } = tracksOfChunk({
      start: 0,
      end: 5 * windows + 5,
      blocks: [block({ windows, runs: pieces, pieces })],
    });
    const elapsed = performance.now() - startedAt;
    assert.equal(tracks.length, 3);
    for (const { embedding, turns } of tracks) {
      assert.ok(people.some((person) => cosine(person, embedding) > 0.99));
      assert.ok(turns.length > 0.9 * windows);
    }
    assert.ok(elapsed < 60_000, `${elapsed} ms`);
  });
});
