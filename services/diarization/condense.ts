import { linksOf } from './linkage.js';
import { voicesOf } from './track-voice.js';
import type { ChunkTracks, Link, Tie, Track } from './types.js';

/** Voices that are compared with each other. A chunk of ten minutes has about 250 tracks. */
const MAX_VOICES = 1500;
/** How alike tracks of a chunk must be to count as one voice: as much as it takes to have few enough voices. */
const CONDENSED_LIKENESS = [0.85, 0.8, 0.75, 0.7, 0.65, 0.6];

/** Tracks by index, in groups that are one voice each. */
export type Groups = readonly (readonly number[])[];

/** The voices of a recording that are compared with each other: those with the most speech, if there are too many. */
export function voiceGroups(chunks: readonly ChunkTracks[]): Groups {
  return mostSpeech(
    condense(chunks),
    chunks.flatMap(({ tracks }) => tracks),
  );
}

/** The tracks of these indices. */
export function pick(tracks: readonly Track[], members: readonly number[]): Track[] {
  return members.map((member) => tracks[member] as Track);
}

/** Links of a chunk's tracks down to the lowest likeness that they are condensed by. */
export function linksInside(tracks: readonly Track[], ties: readonly Tie[]): Link[] {
  const size = tracks.length;
  const table = new Float64Array(size * size);
  for (const { one, other, weight } of ties) {
    if (one === other) continue;
    for (const at of [one * size + other, other * size + one]) {
      table[at] = (table[at] as number) + weight;
    }
  }
  return linksOf([...voicesOf(tracks)], table, { threshold: Math.min(...CONDENSED_LIKENESS) });
}

/** Joins tracks inside their chunks until there are few enough voices, as far as that goes without guessing. */
function condense(chunks: readonly ChunkTracks[]): Groups {
  const count = chunks.reduce((sum, { tracks }) => sum + tracks.length, 0);
  let groups: Groups = Array.from({ length: count }, (_, index) => [index]);
  if (count <= MAX_VOICES) return groups;
  const links = chunks.map(({ tracks, ties, links }) => links ?? linksInside(tracks, ties));
  for (const threshold of CONDENSED_LIKENESS) {
    let first = 0;
    groups = chunks.flatMap(({ tracks }, at) => {
      const base = first;
      first += tracks.length;
      return linkedGroups(tracks.length, { links: links[at] ?? [], threshold, base });
    });
    if (groups.length <= MAX_VOICES) break;
  }
  return groups;
}

/** Groups of so many tracks, counted from `base`, that the links of a threshold make. */
function linkedGroups(
  count: number,
  { links, threshold, base }: { links: readonly Link[]; threshold: number; base: number },
): number[][] {
  const groups = new Map(Array.from({ length: count }, (_, index) => [index, [base + index]]));
  for (const { one, other, likeness } of links) {
    if (likeness < threshold) break;
    groups.get(one)?.push(...(groups.get(other) ?? []));
    groups.delete(other);
  }
  return [...groups.values()];
}

/** The voices with the most speech, in order of time. */
function mostSpeech(groups: Groups, tracks: readonly Track[]): Groups {
  if (groups.length <= MAX_VOICES) return groups;
  const seconds = (members: readonly number[]) =>
    pick(tracks, members).reduce((sum, track) => sum + track.seconds, 0);
  return groups
    .map((members) => ({ members, seconds: seconds(members) }))
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, MAX_VOICES)
    .map(({ members }) => members)
    .sort((one, other) => (one[0] ?? 0) - (other[0] ?? 0));
}
