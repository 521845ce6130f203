import { assignTracks } from './assign-tracks.js';
import { settleCount } from './count.js';
import { nameKnown } from './known.js';
import { type Link, linksOf, linkVoices, sumOf } from './linkage.js';
import { partClusters } from './part-clusters.js';
import { turnsOfSpeakers } from './speaker-turns.js';
import { clipStretches, coActivity } from './stretches.js';
import { SAME_ACTIVITY } from './ties.js';
import { voicesOf } from './track-voice.js';
import type { ChunkTracks, Identification, IdentifyOptions, Stretch, Tie, Track } from './types.js';

/**
 * Pieces of two tracks that are less alike on average are two people's. Real meetings: pieces of one speaker 0.45 to
 * 0.75, of two 0.22 to 0.6 (docs/decisions/diarization.md).
 */
const SPEAKER_LIKENESS = 0.4;
/** Voices that are compared with each other. A chunk of ten minutes has about 250 tracks. */
const MAX_VOICES = 1500;
/** How alike tracks of a chunk must be to count as one voice: as much as it takes to have few enough voices. */
const CONDENSED_LIKENESS = [0.85, 0.8, 0.75, 0.7, 0.65, 0.6];

/**
 * Finds the speakers of a recording: tracks of all chunks are linked by what they sound like and by being active at the
 * same times where chunks overlap. The number of speakers is found by the linkage unless `options.count` limits it.
 *
 * Two stages keep the cost near-linear in the length: where there are too many tracks to compare all with all, those of
 * each chunk are linked first; voices with the least speech are left out if that is not enough. In the end every track,
 * however short, has the speaker that it is most alike.
 */
export function identify(
  chunks: readonly ChunkTracks[],
  { count = {}, known = [] }: IdentifyOptions,
): Identification {
  const tracks = chunks.flatMap((chunk) => chunk.tracks);
  if (tracks.length === 0) return { speakers: [], turns: [] };
  const groups = mostSpeech(condense(chunks), tracks);
  const compared = groups.map((members) => sumOf(voicesOf(pick(tracks, members))));
  const linked = linkVoices(
    compared,
    tiesAmong(groups, [...tiesInside(chunks), ...tiesAcross(chunks)]),
    { threshold: SPEAKER_LIKENESS },
  );
  const clusters = partClusters(linked, compared);
  const speakers = settleCount({ clusters, count }).map((members) =>
    members.flatMap((group) => groups[group] ?? []),
  );
  const { speakerOf, centroids } = assignTracks({ tracks, speakers });
  return nameKnown(turnsOfSpeakers({ chunks, speakerOf, centroids }), known);
}

/** Tracks by index, in groups that are one voice each. */
type Groups = readonly (readonly number[])[];

function pick(tracks: readonly Track[], members: readonly number[]): Track[] {
  return members.map((member) => tracks[member] as Track);
}

/** Joins tracks inside their chunks until there are few enough voices, as far as that goes without guessing. */
function condense(chunks: readonly ChunkTracks[]): Groups {
  const count = chunks.reduce((sum, { tracks }) => sum + tracks.length, 0);
  let groups: Groups = Array.from({ length: count }, (_, index) => [index]);
  if (count <= MAX_VOICES) return groups;
  const links = chunks.map(linksInside);
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

/** Links of a chunk's tracks down to the lowest likeness that they are condensed by. */
function linksInside({ tracks, ties }: ChunkTracks): Link[] {
  const alone = tracks.map((_, index) => [index]);
  const threshold = Math.min(...CONDENSED_LIKENESS);
  return linksOf([...voicesOf(tracks)], tiesAmong(alone, ties), { threshold });
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

/** Ties of tracks as a table of groups. */
function tiesAmong(groups: Groups, ties: readonly Tie[]): Float64Array {
  const groupOf = new Map(
    groups.flatMap((members, group) => members.map((member) => [member, group])),
  );
  const size = groups.length;
  const table = new Float64Array(size * size);
  for (const { one, other, weight } of ties) {
    const [row, column] = [groupOf.get(one), groupOf.get(other)];
    if (row === undefined || column === undefined || row === column) continue;
    for (const at of [row * size + column, column * size + row]) {
      table[at] = (table[at] as number) + weight;
    }
  }
  return table;
}
