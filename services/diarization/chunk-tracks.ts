import { linksInside } from './condense.js';
import { type Cluster, linkVoices, sumOf, type Voice } from './linkage.js';
import { clipStretches, joinStretches } from './stretches.js';
import { groupBy, type PieceTie, tiesOfPieces } from './ties.js';
import type {
  Aside,
  BlockAnalysis,
  ChunkTracks,
  LocalRun,
  Piece,
  Stretch,
  Tie,
  Track,
  TracksInput,
} from './types.js';
import { unit } from './vectors.js';
import { centreOf, HOP_SECONDS } from './windows.js';

/**
 * Only pieces that are this alike become one track here: so alike that nothing can be wrong. All else is decided with
 * all chunks at hand, so that a recording has the same speakers however it is cut into chunks.
 */
const TRACK_LIKENESS = 0.95;
/** What a voice counts for that is only heard together with others. */
const ASIDE_SECONDS = 0.2;
/** Pieces that are compared with each other at once; more are joined in groups first. */
const MAX_PIECES = 1000;
/** Runs of a track are joined over gaps of one frame at the windows' edges. */
const EDGE_SECONDS = 0.05;

/** Joins what was found in the blocks of a chunk to tracks. Depends on this chunk alone. */
export function tracksOfChunk({ start, end, blocks }: TracksInput): ChunkTracks {
  const analysis = joinBlocks(blocks);
  const ties = tiesOfPieces(analysis, start);
  const clusters = linkPieces(analysis.pieces, ties);
  const trackOf = new Int32Array(analysis.pieces.length);
  clusters.forEach(({ members }, track) => {
    for (const member of members) trackOf[member] = track;
  });
  const { turns, asides } = assignRuns({ analysis, trackOf, start, tracks: clusters.length });
  const tracks = clusters.map((cluster, index) => ({
    ...trackFields(cluster),
    turns: joinStretches(turns[index] ?? [], EDGE_SECONDS),
  }));
  const trackTies = tiesOfTracks(analysis.pieces, ties, trackOf);
  return { start, end, tracks, asides, ties: trackTies, links: linksInside(tracks, trackTies) };
}

function joinBlocks(blocks: readonly BlockAnalysis[]): BlockAnalysis {
  return {
    windows: blocks.reduce((sum, { windows }) => sum + windows, 0),
    runs: blocks.flatMap(({ runs }) => runs),
    pieces: blocks.flatMap(({ pieces }) => pieces),
  };
}

function secondsOfPiece({ start, end, solo }: Piece): number {
  return solo ? end - start : ASIDE_SECONDS;
}

function voiceOfPiece(piece: Piece): Voice {
  const seconds = secondsOfPiece(piece);
  return {
    sum: Float64Array.from(piece.embedding, (value) => value * seconds),
    seconds,
    squares: seconds ** 2,
  };
}

/** Members are indices of pieces. */
function linkPieces(pieces: readonly Piece[], ties: readonly PieceTie[]): Cluster[] {
  const voices = pieces.map(voiceOfPiece);
  let groups: Cluster[][] = [];
  for (let first = 0; first < voices.length; first += MAX_PIECES) {
    const members = voices.slice(first, first + MAX_PIECES).map((_, index) => [first + index]);
    groups.push(linkGroups({ members, voices, pieces, ties }));
  }
  while (groups.length > 1) {
    const members = groups
      .splice(0, 2)
      .flat()
      .map((cluster) => cluster.members);
    groups = [...groups, linkGroups({ members, voices, pieces, ties })];
  }
  return groups[0] ?? [];
}

function linkGroups(work: {
  /** Pieces that are one voice already. */
  members: readonly (readonly number[])[];
  voices: readonly Voice[];
  pieces: readonly Piece[];
  ties: readonly PieceTie[];
}): Cluster[] {
  const { members, voices, pieces, ties } = work;
  const groupOf = new Map(
    members.flatMap((indices, group) => indices.map((index) => [index, group])),
  );
  const weights = new Float64Array(members.length ** 2);
  for (const { one, other, bonus } of ties) {
    const [row, column] = [groupOf.get(one), groupOf.get(other)];
    if (row === undefined || column === undefined || row === column) continue;
    const weight =
      bonus * secondsOfPiece(pieces[one] as Piece) * secondsOfPiece(pieces[other] as Piece);
    for (const at of [row * members.length + column, column * members.length + row]) {
      weights[at] = (weights[at] as number) + weight;
    }
  }
  const merged = members.map((indices) => sumOf(indices.map((index) => voices[index] as Voice)));
  return linkVoices(merged, weights, { threshold: TRACK_LIKENESS }).map((cluster) => ({
    ...cluster,
    members: cluster.members.flatMap((group) => members[group] ?? []),
  }));
}

function trackFields({ sum, seconds, squares }: Cluster): Omit<Track, 'turns'> {
  return {
    embedding: unit(Float32Array.from(sum)),
    cohesion: Math.hypot(...sum) / seconds,
    seconds,
    squares,
  };
}

/**
 * Gives every run, as far as it lies in the middle of its window, to the track of the nearest piece of its slot. Those of
 * slots without an undisturbed piece are kept apart.
 */
function assignRuns(work: {
  analysis: BlockAnalysis;
  trackOf: Int32Array;
  start: number;
  tracks: number;
}): { turns: Stretch[][]; asides: Aside[] } {
  const { analysis, trackOf, start, tracks } = work;
  const turns: Stretch[][] = Array.from({ length: tracks }, () => []);
  const asides: Aside[] = [];
  const pieces = groupBy(analysis.pieces.map((piece, index) => ({ ...piece, index })));
  for (const [key, runs] of groupBy(analysis.runs)) {
    const own = pieces.get(key);
    const { window } = runs[0] as LocalRun;
    const { from, to } = centreOf({ first: window === 0, last: window === analysis.windows - 1 });
    const base = start + window * HOP_SECONDS;
    const central = clipStretches(runs, { from: base + from, to: base + to });
    if (!own || central.length === 0) continue;
    const [first] = own;
    if (first && !first.solo) {
      const track = trackOf[first.index] as number;
      asides.push({ track, embedding: first.embedding, turns: central });
      continue;
    }
    for (const { stretch, index } of nearestPieces(own)) {
      turns[trackOf[index] as number]?.push(...clipStretches(central, stretch));
    }
  }
  return { turns, asides };
}

/** Parts the time among pieces: the border of two is in the middle of what lies between them. */
function nearestPieces(
  pieces: readonly (Stretch & { readonly index: number })[],
): { stretch: { from: number; to: number }; index: number }[] {
  const sorted = [...pieces].sort((one, other) => one.start - other.start);
  const border = (at: number) => {
    const [before, after] = [sorted[at - 1], sorted[at]];
    if (!before) return Number.NEGATIVE_INFINITY;
    return after ? (before.end + after.start) / 2 : Number.POSITIVE_INFINITY;
  };
  return sorted.map(({ index }, at) => ({
    index,
    stretch: { from: border(at), to: border(at + 1) },
  }));
}

function tiesOfTracks(
  pieces: readonly Piece[],
  ties: readonly PieceTie[],
  trackOf: Int32Array,
): Tie[] {
  const weights = new Map<string, Tie>();
  for (const { one, other, bonus } of ties) {
    const [first, second] = [trackOf[one] as number, trackOf[other] as number];
    if (first === second) continue;
    const pair = { one: Math.min(first, second), other: Math.max(first, second) };
    const key = `${pair.one} ${pair.other}`;
    const weight =
      bonus * secondsOfPiece(pieces[one] as Piece) * secondsOfPiece(pieces[other] as Piece);
    weights.set(key, { ...pair, weight: (weights.get(key)?.weight ?? 0) + weight });
  }
  return [...weights.values()];
}
