import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sumOf } from '#services/diarization/linkage.js';
import { multiplyAll } from '#services/diarization/multiply-graph.js';
import { behindEachOther, productsOfAll } from '#services/diarization/products.js';
import { voiceOfAll, voicesOf } from '#services/diarization/track-voice.js';
import type { Track } from '#services/diarization/types.js';
import { dot, EMBEDDING_SIZE } from '#services/diarization/vectors.js';
import { seededRandom } from '../../../bench/support/random.js';
import { anyVector } from './made-voices.js';

const COUNTS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 19];

function someVectors(count: number, size: number): Float64Array[] {
  const random = seededRandom(count + 1);
  return Array.from({ length: count }, () => Float64Array.from({ length: size }, random));
}

it('all products are those of each pair, to the last bit, however many vectors there are', () => {
  for (const count of COUNTS) {
    const vectors = someVectors(count, 13);
    const products = productsOfAll(behindEachOther(vectors), count);
    const pairs = vectors.flatMap((one) => vectors.map((other) => dot(one, other)));
    assert.deepEqual([...products], pairs, `${count} vectors`);
  }
});

it('vectors times a graph are each times its rows, to the last bit, however many there are', () => {
  const [weights, columns] = [
    Float64Array.of(0.1, 0.7),
    [Int32Array.of(1, 4), Int32Array.of(0, 2)],
  ];
  const graph = Array.from({ length: 5 }, (_, row) => ({
    columns: columns[row % 2] as Int32Array,
    weights,
  }));
  for (const count of COUNTS) {
    const vectors = someVectors(count, graph.length);
    const expected = vectors.map((vector) =>
      Float64Array.from(graph, ({ columns: from }, row) => {
        const [first, second] = [...from].map((column) => vector[column] as number);
        return (vector[row] as number) + 0.1 * (first as number) + 0.7 * (second as number);
      }),
    );
    assert.deepEqual(multiplyAll(graph, vectors), expected, `${count} vectors`);
  }
});

it('tracks as one voice are the sum of their voices, to the last bit', () => {
  const random = seededRandom(5);
  const tracks = Array.from({ length: 9 }, (): Track => {
    const [cohesion, seconds, squares] = [random(), 9 * random(), random()];
    return { embedding: anyVector(random), cohesion, seconds, squares, turns: [] };
  });
  assert.deepEqual(voiceOfAll(tracks), sumOf(voicesOf(tracks)));
  assert.deepEqual(voiceOfAll([]).sum, new Float64Array(EMBEDDING_SIZE));
});
