import type { Voice } from './linkage.js';
import { type Graph, multiplyAll } from './multiply-graph.js';
import { behindEachOther, productsOfAll } from './products.js';
import { dot } from './vectors.js';

/** Each voice is compared with so many of those it is most alike: a tenth of all, six at least. */
const NEIGHBOURS_PART = 0.1;
const MIN_NEIGHBOURS = 6;
/** Speakers that an eigengap is looked for among. */
const MAX_SPEAKERS = 12;
/** With fewer voices the gap is an accident. */
const MIN_VOICES = 12;
/** Rounds of the subspace iteration; the gap is clear long before. */
const ROUNDS = 60;
const K_MEANS_ROUNDS = 20;

/**
 * Spectral clustering that finds the number of clusters itself (von Luxburg, A Tutorial on Spectral Clustering, 2007): a
 * graph of voices and their nearest neighbours, the eigenvectors of its normalised Laplacian, as many of them as there are
 * before the largest gap of the eigenvalues, and k-means on their rows. Deterministic.
 *
 * It knows two people with similar voices apart that no fixed threshold does, as each is compared with its neighbours
 * only; people who say little it does not see.
 *
 * @returns The cluster of every voice; all 0 for few voices.
 */
export function spectralClusters(voices: readonly Voice[]): Int32Array {
  if (voices.length < MIN_VOICES) return new Int32Array(voices.length);
  const graph = neighbourGraph(voices.map(unitOf));
  const { values, vectors } = largestEigenpairs(graph, MAX_SPEAKERS + 1);
  const count = largestGap(values);
  return kMeans(unitRows(vectors.slice(0, count), voices.length), count);
}

function unitOf({ sum }: Voice): Float64Array {
  const length = Math.hypot(...sum);
  return length === 0 ? sum : sum.map((value) => value / length);
}

/** Likeness of neighbours, normalised by the degrees of both (the matrix whose eigenvalues are 1 minus the Laplacian's). */
function neighbourGraph(vectors: readonly Float64Array[]): Graph {
  const size = vectors.length;
  const alike = productsOfAll(behindEachOther(vectors), size);
  for (let at = 0; at < alike.length; at++) alike[at] = Math.max(0, alike[at] as number);
  for (let row = 0; row < size; row++) alike[row * size + row] = 0;
  const neighbours = Math.max(MIN_NEIGHBOURS, Math.floor(NEIGHBOURS_PART * size)) - 1;
  const rows = vectors.map((_, row) => alike.subarray(row * size, (row + 1) * size));
  const least = rows.map((row) => row.toSorted()[Math.max(0, size - neighbours)] as number);
  // Half of a likeness for each of the two that has the other among its neighbours.
  rows.forEach((row, index) => {
    row.forEach((value, column) => {
      const sides =
        Number(value >= (least[index] as number)) + Number(value >= (least[column] as number));
      row[column] = (value * sides) / 2;
    });
  });
  const degrees = rows.map((row) =>
    Math.max(
      1e-9,
      row.reduce((sum, value) => sum + value, 0),
    ),
  );
  return rows.map((row, index) => {
    const columns = Int32Array.from(row.keys()).filter((column) => (row[column] as number) > 0);
    return {
      columns,
      weights: Float64Array.from(
        columns,
        (column) =>
          (row[column] as number) /
          Math.sqrt((degrees[index] as number) * (degrees[column] as number)),
      ),
    };
  });
}

/** Subspace iteration on the matrix plus the identity, whose eigenvalues are all positive. Largest first. */
function largestEigenpairs(
  graph: Graph,
  count: number,
): { values: number[]; vectors: Float64Array[] } {
  const size = graph.length;
  // A few more than wanted make the wanted ones converge sooner.
  const width = Math.min(size, count + 6);
  let vectors: Float64Array[] = Array.from({ length: width }, (_, index) =>
    Float64Array.from({ length: size }, (_, row) => Math.cos((index + 1) * (row + 0.5) * 1.7)),
  );
  orthonormalise(vectors);
  for (let round = 0; round < ROUNDS; round++) {
    vectors = multiplyAll(graph, vectors);
    orthonormalise(vectors);
  }
  const products = multiplyAll(graph, vectors);
  const pairs = vectors
    .map((vector, index) => ({ vector, value: dot(vector, products[index] as Float64Array) - 1 }))
    .sort((one, other) => other.value - one.value)
    .slice(0, count);
  return { values: pairs.map(({ value }) => value), vectors: pairs.map(({ vector }) => vector) };
}

/** Gram and Schmidt, in place. */
function orthonormalise(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, index) => {
    for (const before of vectors.slice(0, index)) {
      const along = dot(vector, before);
      for (let row = 0; row < vector.length; row++) {
        vector[row] = (vector[row] as number) - along * (before[row] as number);
      }
    }
    const length = Math.sqrt(dot(vector, vector)) || 1;
    for (let row = 0; row < vector.length; row++) vector[row] = (vector[row] as number) / length;
  });
}

/** How many eigenvalues, sorted from large to small, come before the largest gap. */
function largestGap(values: readonly number[]): number {
  let best = 1;
  let widest = Number.NEGATIVE_INFINITY;
  for (let count = 1; count < values.length; count++) {
    const gap = (values[count - 1] as number) - (values[count] as number);
    if (gap <= widest) continue;
    widest = gap;
    best = count;
  }
  return best;
}

function unitRows(vectors: readonly Float64Array[], size: number): Float64Array[] {
  return Array.from({ length: size }, (_, row) => {
    const values = Float64Array.from(vectors, (vector) => vector[row] as number);
    const length = Math.hypot(...values) || 1;
    return values.map((value) => value / length);
  });
}

/** Lloyd's algorithm, begun with points that are far apart. */
function kMeans(points: readonly Float64Array[], count: number): Int32Array {
  let centres = farApart(points, count);
  const labels = new Int32Array(points.length);
  for (let round = 0; round < K_MEANS_ROUNDS; round++) {
    points.forEach((point, index) => {
      labels[index] = nearest(point, centres);
    });
    centres = centres.map((centre, label) => {
      const own = points.filter((_, index) => labels[index] === label);
      return own.length === 0 ? centre : meanOf(own);
    });
  }
  return labels;
}

function farApart(points: readonly Float64Array[], count: number): Float64Array[] {
  const chosen = [meanOf(points)];
  while (chosen.length <= count) {
    const distance = (point: Float64Array) =>
      Math.min(
        ...chosen.slice(1).map((centre) => squaredDistance(point, centre)),
        Number.MAX_VALUE,
      );
    // The first one is the point nearest to the middle of all.
    const score = (point: Float64Array) =>
      chosen.length === 1 ? -squaredDistance(point, chosen[0] as Float64Array) : distance(point);
    chosen.push(points.reduce((best, point) => (score(point) > score(best) ? point : best)));
  }
  return chosen.slice(1);
}

function nearest(point: Float64Array, centres: readonly Float64Array[]): number {
  let best = 0;
  centres.forEach((centre, index) => {
    if (squaredDistance(point, centre) < squaredDistance(point, centres[best] as Float64Array)) {
      best = index;
    }
  });
  return best;
}

function meanOf(points: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(points[0]?.length ?? 0);
  for (const point of points) {
    for (let index = 0; index < mean.length; index++) {
      mean[index] = (mean[index] as number) + (point[index] as number) / points.length;
    }
  }
  return mean;
}

function squaredDistance(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) {
    sum += ((one[index] as number) - (other[index] as number)) ** 2;
  }
  return sum;
}
