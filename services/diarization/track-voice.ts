import type { Voice } from './linkage.js';
import type { Track } from './types.js';

/**
 * A track as a voice to be linked. Made when it is needed and not kept: the sums of all tracks of a day would take 55 MB
 * beside the embeddings that they come from.
 */
export function voiceOf({ embedding, cohesion, seconds, squares }: Track): Voice {
  return {
    sum: Float64Array.from(embedding, (value) => value * cohesion * seconds),
    seconds,
    squares,
  };
}

/** The same for many, one after the other. */
export function* voicesOf(tracks: Iterable<Track>): Generator<Voice> {
  for (const track of tracks) yield voiceOf(track);
}
