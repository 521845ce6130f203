import type { Voice } from './linkage.js';
import type { Track } from './types.js';
import { EMBEDDING_SIZE } from './vectors.js';

/**
 * A track as a voice to be linked. Made when it is needed and not kept: the sums of all tracks of a day would take 55 MB
 * beside the embeddings that they come from.
 */
export function voiceOf({ embedding, cohesion, seconds, squares }: Track): Voice {
  const sum = new Float64Array(embedding.length);
  for (let index = 0; index < sum.length; index++) {
    sum[index] = (embedding[index] as number) * cohesion * seconds;
  }
  return { sum, seconds, squares };
}

/** The same for many, one after the other. */
export function* voicesOf(tracks: Iterable<Track>): Generator<Voice> {
  for (const track of tracks) yield voiceOf(track);
}

/** Several tracks as one voice: `sumOf` of their voices, without making these. */
export function voiceOfAll(tracks: Iterable<Track>): Voice {
  const sum = new Float64Array(EMBEDDING_SIZE);
  let [seconds, squares] = [0, 0];
  for (const track of tracks) {
    const { embedding, cohesion } = track;
    for (let index = 0; index < EMBEDDING_SIZE; index++) {
      const part = (embedding[index] as number) * cohesion * track.seconds;
      sum[index] = (sum[index] as number) + part;
    }
    seconds += track.seconds;
    squares += track.squares;
  }
  return { sum, seconds, squares };
}
