import { joinStretches, secondsOf, sharedSeconds } from '#services/diarization/stretches.js';
import { voiceOfAll } from '#services/diarization/track-voice.js';
import type { ChunkTracks, Identification, Stretch, Track } from '#services/diarization/types.js';
import { cosine, unit } from '#services/diarization/vectors.js';

/** With more tracks than this the older half is condensed. */
const MOST_TRACKS = 120;
/** Tracks of one speaker are joined to voices of about so many seconds. */
const VOICE_SECONDS = 600;
/** A track is a speaker's who is heard in this share of it. */
const MOSTLY = 0.5;
/** Pauses that a voice's turns are joined over, and how many of them are kept: enough to know it again by. */
const PAUSE_SECONDS = 1;
const MOST_TURNS = 100;

/**
 * Joins the older tracks of each speaker, so that a session of hours needs no more memory and time than one of some
 * minutes. Linkage goes by sums, so what is joined counts as its pieces did; it can only not be parted any more.
 */
export function condenseVoices(
  chunks: readonly ChunkTracks[],
  identification: Identification,
): readonly ChunkTracks[] {
  let left = chunks.reduce((sum, { tracks }) => sum + tracks.length, 0);
  if (left <= MOST_TRACKS) return chunks;
  let old = 0;
  while (left > MOST_TRACKS / 2) left -= chunks[old++]?.tracks.length ?? 0;
  const [first, last] = [chunks[0], chunks[old - 1]];
  if (!first || !last) return chunks;
  const tracks = chunks.slice(0, old).flatMap((chunk) => chunk.tracks);
  const turnsOf = identification.speakers.map((_, speaker) =>
    identification.turns.filter((turn) => turn.speaker === speaker),
  );
  const own = turnsOf.map((): Track[] => []);
  for (const track of tracks) own[speakerOf(track, identification, turnsOf)]?.push(track);
  const condensed = { start: first.start, end: last.end, asides: [], ties: [] };
  return [{ ...condensed, tracks: own.flatMap(joined) }, ...chunks.slice(old)];
}

/** Index of the speaker; -1 for a track that is nobody's, which is forgotten. */
function speakerOf(
  { turns, embedding }: Track,
  { speakers }: Identification,
  turnsOf: readonly (readonly Stretch[])[],
): number {
  const seconds = secondsOf(turns);
  const [best] = speakers
    .map((speaker, index) => ({ index, likeness: cosine(embedding, speaker.embedding) }))
    .filter(({ index }) => sharedSeconds(turns, turnsOf[index] ?? []) > MOSTLY * seconds)
    .sort((one, other) => other.likeness - one.likeness);
  return best?.index ?? -1;
}

/** The tracks of one speaker, oldest first, as few voices. */
function joined(tracks: readonly Track[]): Track[] {
  const groups: { tracks: Track[]; seconds: number }[] = [];
  for (const track of tracks) {
    const group = groups.at(-1);
    if (group && group.seconds + track.seconds <= VOICE_SECONDS) {
      group.tracks.push(track);
      group.seconds += track.seconds;
    } else groups.push({ tracks: [track], seconds: track.seconds });
  }
  return groups.map((group) => joinTracks(group.tracks));
}

function joinTracks(tracks: readonly Track[]): Track {
  const { sum, seconds, squares } = voiceOfAll(tracks);
  const turns = joinStretches(
    tracks.flatMap((track) => track.turns),
    PAUSE_SECONDS,
  );
  return {
    embedding: unit(Float32Array.from(sum)),
    cohesion: Math.hypot(...sum) / seconds,
    seconds,
    squares,
    turns: turns.slice(-MOST_TURNS),
  };
}
