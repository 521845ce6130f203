import { settleCount } from './count.js';
import { linkVoices, type Voice } from './linkage.js';
import { partClusters } from './part-clusters.js';
import type { VoicesToLink } from './types.js';
import { EMBEDDING_SIZE } from './vectors.js';

/**
 * Pieces of two tracks that are less alike on average are two people's. Real meetings: pieces of one speaker 0.45 to
 * 0.75, of two 0.22 to 0.6 (docs/decisions/diarization.md).
 */
const SPEAKER_LIKENESS = 0.4;

/**
 * Finds out which voices are one speaker's. The number of speakers is found by the linkage unless `count` limits it.
 *
 * @returns For each speaker the voices that are surely theirs, by index.
 */
export function linkSpeakers(options: VoicesToLink): number[][] {
  const { sums, seconds, squares, ties, count, likeness = SPEAKER_LIKENESS } = options;
  const voices = Array.from(
    seconds,
    (each, index): Voice => ({
      sum: sums.slice(index * EMBEDDING_SIZE, (index + 1) * EMBEDDING_SIZE),
      seconds: each,
      squares: squares[index] as number,
    }),
  );
  const linked = linkVoices(voices, tableOf(ties, voices.length), { threshold: likeness });
  return settleCount({ clusters: partClusters(linked, voices), count });
}

function tableOf({ ones, others, weights }: VoicesToLink['ties'], size: number): Float64Array {
  const table = new Float64Array(size * size);
  weights.forEach((weight, index) => {
    const [row, column] = [ones[index] as number, others[index] as number];
    for (const at of [row * size + column, column * size + row]) {
      table[at] = (table[at] as number) + weight;
    }
  });
  return table;
}
