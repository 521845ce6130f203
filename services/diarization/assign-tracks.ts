import { voiceOfAll } from './track-voice.js';
import type { Track } from './types.js';
import { cosine, unit } from './vectors.js';

/** A track changes its speaker only for one that it is this much more alike. */
const MARGIN = 0.05;
/** A track with less undisturbed speech is told by its ties as well as by its sound: it stays. */
const MIN_SECONDS = 1;
/** Moving tracks changes what speakers sound like, which may move more; it settles at once in practice. */
const MAX_ROUNDS = 5;

/**
 * Gives every track to a speaker: at first to the one it was linked to, then to whom it is most alike, given what all
 * tracks of each speaker sound like together. Linking joins two at a time and never looks back; this does.
 *
 * @param work.speakers For each speaker the indices of the tracks that were linked; tracks of nobody go to the nearest.
 * @returns The speaker of every track, and what each speaker sounds like (unit length).
 */
export function assignTracks(work: {
  tracks: readonly Track[];
  speakers: readonly (readonly number[])[];
}): { speakerOf: Int32Array; centroids: Float32Array[] } {
  const { tracks } = work;
  const speakerOf = new Int32Array(tracks.length).fill(-1);
  work.speakers.forEach((members, speaker) => {
    for (const member of members) speakerOf[member] = speaker;
  });
  const count = work.speakers.length;
  let centroids = centroidsOf({ tracks, speakerOf, count });
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const moved = tracks.filter((track, index) => move({ track, index, speakerOf, centroids }));
    if (moved.length === 0) break;
    centroids = centroidsOf({ tracks, speakerOf, count, before: centroids });
  }
  return { speakerOf, centroids };
}

function centroidsOf(work: {
  tracks: readonly Track[];
  speakerOf: Int32Array;
  count: number;
  /** What stays for a speaker who lost every track. */
  before?: readonly Float32Array[];
}): Float32Array[] {
  const { tracks, speakerOf, count, before } = work;
  return Array.from({ length: count }, (_, speaker) => {
    const own = tracks.filter((_, index) => speakerOf[index] === speaker);
    const kept = before?.[speaker];
    return own.length === 0 && kept ? kept : unit(Float32Array.from(voiceOfAll(own).sum));
  });
}

/** True when the track has another speaker than before. */
function move(work: {
  track: Track;
  index: number;
  speakerOf: Int32Array;
  centroids: readonly Float32Array[];
}): boolean {
  const { track, index, speakerOf, centroids } = work;
  const own = speakerOf[index] as number;
  if (own >= 0 && track.seconds < MIN_SECONDS) return false;
  const alike = centroids.map((centroid) => cosine(track.embedding, centroid));
  const best = alike.indexOf(Math.max(...alike));
  const margin = own < 0 ? Number.NEGATIVE_INFINITY : MARGIN;
  if (best === own || (alike[best] as number) <= (alike[own] ?? 0) + margin) return false;
  speakerOf[index] = best;
  return true;
}
