import type { Voice } from '#services/diarization/linkage.js';
import type { ChunkTracks, Stretch, Track } from '#services/diarization/types.js';
import { EMBEDDING_SIZE, unit } from '#services/diarization/vectors.js';
import { seededRandom } from '../../../bench/support/random.js';

/** A piece of speech: what it sounds like (unit length) and how long it is. */
export type MadePiece = { readonly embedding: Float32Array; readonly seconds: number };

/** A vector of unit length that is at right angles to those of all other numbers. */
export function axis(number: number): Float32Array {
  const vector = new Float32Array(EMBEDDING_SIZE);
  vector[number] = 1;
  return vector;
}

/** A vector of unit length whose cosine with `one` is `cosine`; both are axes, so it lies between them. */
export function between(one: Float32Array, other: Float32Array, cosine: number): Float32Array {
  return one.map((value, at) => cosine * value + Math.sqrt(1 - cosine ** 2) * (other[at] ?? 0));
}

/** Any vector of unit length; in so many dimensions two of them are nearly at right angles. */
export function anyVector(random: () => number): Float32Array {
  return unit(
    Float32Array.from(
      { length: EMBEDDING_SIZE },
      () => random() + random() + random() + random() - 2,
    ),
  );
}

/** Pieces of a person that are `alike` to each other on average (cosine), 1.5 s each. */
export function piecesOf(options: {
  readonly person: Float32Array;
  readonly count: number;
  readonly alike: number;
  readonly seed: number;
}): MadePiece[] {
  const { person, count, alike, seed } = options;
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const noise = anyVector(random);
    return {
      embedding: unit(
        person.map(
          (value, at) => Math.sqrt(alike) * value + Math.sqrt(1 - alike) * (noise[at] ?? 0),
        ),
      ),
      seconds: 1.5,
    };
  });
}

/** One voice of all these pieces. */
export function voiceOf(pieces: readonly MadePiece[]): Voice {
  const sum = new Float64Array(EMBEDDING_SIZE);
  for (const { embedding, seconds } of pieces)
    embedding.forEach((value, at) => {
      sum[at] = (sum[at] ?? 0) + value * seconds;
    });
  return {
    sum,
    seconds: pieces.reduce((total, { seconds }) => total + seconds, 0),
    squares: pieces.reduce((total, { seconds }) => total + seconds ** 2, 0),
  };
}

/** One track of all these pieces, heard at these times. */
export function trackOf(pieces: readonly MadePiece[], turns: readonly Stretch[]): Track {
  const { sum, seconds, squares } = voiceOf(pieces);
  const cohesion = Math.hypot(...sum) / seconds;
  return { embedding: unit(Float32Array.from(sum)), cohesion, seconds, squares, turns };
}

/** A track all of whose pieces sound exactly like `person`. */
export function plainTrack(person: Float32Array, ...turns: Stretch[]): Track {
  const pieces = turns.map(({ start, end }) => ({ embedding: person, seconds: end - start }));
  return trackOf(pieces, turns);
}

/** A chunk without asides and ties unless they are given. */
export function chunkOf(
  fields: Partial<ChunkTracks> & Pick<ChunkTracks, 'start' | 'end' | 'tracks'>,
): ChunkTracks {
  return { asides: [], ties: [], ...fields };
}

/** A stretch from one second to another. */
export function from(start: number, end: number): Stretch {
  return { start, end };
}
