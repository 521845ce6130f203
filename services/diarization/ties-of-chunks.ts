import { clipStretches, coActivity } from './stretches.js';
import { SAME_ACTIVITY } from './ties.js';
import type { ChunkTracks, Stretch, Tie } from './types.js';

/** All ties of a recording, with indices into the tracks of all chunks; one by one, as there are many of them. */
export function* tiesOfChunks(chunks: readonly ChunkTracks[]): Generator<Tie, void, void> {
  yield* tiesInside(chunks);
  yield* tiesAcross(chunks);
}

/** Ties of each chunk, with indices into the tracks of all. */
function* tiesInside(chunks: readonly ChunkTracks[]): Generator<Tie, void, void> {
  let base = 0;
  for (const { tracks, ties } of chunks) {
    for (const { one, other, weight } of ties) {
      yield { one: one + base, other: other + base, weight };
    }
    base += tracks.length;
  }
}

/** Tracks of neighbouring chunks hear the same audio where the chunks overlap. */
function tiesAcross(chunks: readonly ChunkTracks[]): Tie[] {
  const found: Tie[] = [];
  let first = 0;
  chunks.forEach((chunk, at) => {
    const next = chunks[at + 1];
    const base = first;
    first += chunk.tracks.length;
    if (!next || next.start >= chunk.end) return;
    const shared = { from: next.start, to: chunk.end };
    const here = heardIn(chunk, shared);
    const there = heardIn(next, shared);
    for (const [one, stretches] of here) {
      for (const [other, others] of there) {
        const agreement = coActivity(stretches, others);
        if (agreement === undefined) continue;
        const seconds = (chunk.tracks[one]?.seconds ?? 0) * (next.tracks[other]?.seconds ?? 0);
        const weight = SAME_ACTIVITY * (2 * agreement - 1) * seconds;
        found.push({ one: base + one, other: first + other, weight });
      }
    }
  });
  return found;
}

/** What is heard of each track in a part of the chunk; tracks that are silent there are left out. */
function heardIn(
  { tracks }: ChunkTracks,
  part: { readonly from: number; readonly to: number },
): [number, Stretch[]][] {
  return tracks
    .map(({ turns }, index): [number, Stretch[]] => [index, clipStretches(turns, part)])
    .filter(([, stretches]) => stretches.length > 0);
}
