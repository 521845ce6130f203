import { assignTracks } from './assign-tracks.js';
import { settleCount } from './count.js';
import { nameKnown } from './known.js';
import { type Cluster, linkVoices, type Voice } from './linkage.js';
import { turnsOfSpeakers } from './speaker-turns.js';
import { clipStretches, coActivity } from './stretches.js';
import { SAME_ACTIVITY } from './ties.js';
import type { ChunkTracks, Identification, IdentifyOptions, Stretch, Tie, Track } from './types.js';

/**
 * Pieces of two tracks that are less alike on average are two people's. Real meetings: pieces of one speaker 0.45 to
 * 0.75, of two 0.22 to 0.6 (docs/decisions/diarization.md).
 */
const SPEAKER_LIKENESS = 0.4;
/** Tracks that are compared with each other; those with the least speech are given to the nearest speaker afterwards. */
const MAX_TRACKS = 1500;

/**
 * Finds the speakers of a recording: tracks of all chunks are linked by what they sound like and by being active at the
 * same times where chunks overlap. The number of speakers is found by the linkage unless `options.count` limits it.
 *
 * Cost: memory and time grow with the square of the number of tracks up to a bound, and linearly from there on.
 */
export function identify(
  chunks: readonly ChunkTracks[],
  { count = {}, known = [] }: IdentifyOptions,
): Identification {
  const tracks = chunks.flatMap((chunk) => chunk.tracks);
  if (tracks.length === 0) return { speakers: [], turns: [] };
  const voices = tracks.map(voiceOf);
  const ties = [...tiesInside(chunks), ...tiesAcross(chunks)];
  const compared = mostSpeech(tracks);
  const clusters = link(
    compared.map((index) => voices[index] as Voice),
    tiesAmong(compared, ties, voices),
  ).map((cluster) => ({
    ...cluster,
    members: cluster.members.map((member) => compared[member] as number),
  }));
  const chosen = settleCount({ clusters, voices, count });
  const { speakerOf, centroids } = assignTracks({ tracks, voices, speakers: chosen });
  return nameKnown(turnsOfSpeakers({ chunks, speakerOf, centroids }), known);
}

function link(voices: readonly Voice[], ties: Float64Array): Cluster[] {
  return linkVoices(voices, ties, { threshold: SPEAKER_LIKENESS });
}

function voiceOf({ embedding, cohesion, seconds, squares }: Track): Voice {
  return {
    sum: Float64Array.from(embedding, (value) => value * cohesion * seconds),
    seconds,
    squares,
  };
}

/** Indices of the tracks with the most speech, in order of time. */
function mostSpeech(tracks: readonly Track[]): number[] {
  const all = tracks.map((_, index) => index);
  if (all.length <= MAX_TRACKS) return all;
  const seconds = (index: number) => tracks[index]?.seconds ?? 0;
  return all
    .sort((one, other) => seconds(other) - seconds(one))
    .slice(0, MAX_TRACKS)
    .sort((one, other) => one - other);
}

/** Ties of each chunk, with indices into the tracks of all. */
function tiesInside(chunks: readonly ChunkTracks[]): Tie[] {
  let first = 0;
  return chunks.flatMap(({ tracks, ties }) => {
    const base = first;
    first += tracks.length;
    return ties.map(({ one, other, weight }) => ({ one: one + base, other: other + base, weight }));
  });
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

function tiesAmong(
  compared: readonly number[],
  ties: readonly Tie[],
  voices: readonly Voice[],
): Float64Array {
  const place = new Map(compared.map((index, at) => [index, at]));
  const size = compared.length;
  const table = new Float64Array(size * size);
  for (const { one, other, weight } of ties) {
    const [row, column] = [place.get(one), place.get(other)];
    if (row === undefined || column === undefined || !voices[one] || !voices[other]) continue;
    for (const at of [row * size + column, column * size + row]) {
      table[at] = (table[at] as number) + weight;
    }
  }
  return table;
}
