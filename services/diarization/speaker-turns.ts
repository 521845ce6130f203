import { clipStretches, joinStretches, secondsOf, sharedSeconds } from './stretches.js';
import type { Aside, ChunkTracks, Identification, IdentifiedTurn, Stretch } from './types.js';
import { cosine } from './vectors.js';

/** Shorter pauses of a speaker do not end a turn. */
const PAUSE_SECONDS = 0.3;
/** An aside that is heard so far at the same time as its own speaker must be somebody else. */
const MOSTLY = 0.5;
/** Whoever speaks so far at the same time as the aside cannot be its speaker. */
const HARDLY = 0.3;

export type TurnsInput = {
  readonly chunks: readonly ChunkTracks[];
  /** Speaker of every track, chunk after chunk. */
  readonly speakerOf: Int32Array;
  /** Of unit length, one for each speaker. */
  readonly centroids: readonly Float32Array[];
};

/** Says when each speaker is heard, with every second of the recording taken from one chunk. */
export function turnsOfSpeakers({ chunks, speakerOf, centroids }: TurnsInput): Identification {
  const heard: Stretch[][] = centroids.map(() => []);
  let first = 0;
  chunks.forEach((chunk, index) => {
    const own = heardInChunk({ chunk, first, speakerOf, centroids });
    const part = ownPart(chunks, index);
    own.forEach((stretches, speaker) => {
      heard[speaker]?.push(...clipStretches(stretches, part));
    });
    first += chunk.tracks.length;
  });
  const spoken = heard
    .map((stretches, speaker) => ({
      turns: joinStretches(stretches, PAUSE_SECONDS),
      embedding: centroids[speaker] as Float32Array,
    }))
    .filter(({ turns }) => turns.length > 0)
    .sort((one, other) => (one.turns[0]?.start ?? 0) - (other.turns[0]?.start ?? 0));
  return {
    speakers: spoken.map(({ embedding }) => ({ embedding })),
    turns: spoken
      .flatMap(({ turns }, speaker) => turns.map((turn): IdentifiedTurn => ({ ...turn, speaker })))
      .sort((one, other) => one.start - other.start || one.speaker - other.speaker),
  };
}

/** Each chunk counts to the middle of what it shares with its neighbours. */
function ownPart(chunks: readonly ChunkTracks[], index: number): { from: number; to: number } {
  const middle = (before: ChunkTracks | undefined, after: ChunkTracks | undefined) =>
    before && after ? (before.end + after.start) / 2 : undefined;
  const chunk = chunks[index];
  return {
    from: middle(chunks[index - 1], chunk) ?? Number.NEGATIVE_INFINITY,
    to: middle(chunk, chunks[index + 1]) ?? Number.POSITIVE_INFINITY,
  };
}

function heardInChunk(work: {
  chunk: ChunkTracks;
  /** Index of the chunk's first track in `speakerOf`. */
  first: number;
  speakerOf: Int32Array;
  centroids: readonly Float32Array[];
}): Stretch[][] {
  const { chunk, first, speakerOf, centroids } = work;
  const tracks: Stretch[][] = centroids.map(() => []);
  chunk.tracks.forEach(({ turns }, index) => {
    tracks[speakerOf[first + index] as number]?.push(...turns);
  });
  const alone = tracks.map((stretches) => joinStretches(stretches, 0));
  const all = alone.map((stretches) => [...stretches]);
  for (const aside of chunk.asides) {
    const speaker = speakerOfAside(aside, {
      speaker: speakerOf[first + aside.track] as number,
      alone,
      centroids,
    });
    all[speaker]?.push(...aside.turns);
  }
  return all;
}

/** Segmentation heard two voices at once: an aside is not whom it is heard together with. */
function speakerOfAside(
  { embedding, turns }: Aside,
  heard: {
    speaker: number;
    alone: readonly (readonly Stretch[])[];
    centroids: readonly Float32Array[];
  },
): number {
  const { speaker, alone, centroids } = heard;
  const seconds = secondsOf(turns);
  const share = (other: number) => sharedSeconds(turns, alone[other] ?? []) / seconds;
  if (share(speaker) <= MOSTLY) return speaker;
  const [best] = centroids
    .map((centroid, index) => ({ index, likeness: cosine(embedding, centroid) }))
    .filter(({ index }) => share(index) <= HARDLY)
    .sort((one, other) => other.likeness - one.likeness);
  return best?.index ?? speaker;
}
