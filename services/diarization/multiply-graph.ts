/** Rows of a symmetric sparse matrix. */
export type Graph = readonly { readonly columns: Int32Array; readonly weights: Float64Array }[];

/** The matrix plus the identity, times each of some vectors. */
export function multiplyAll(graph: Graph, vectors: readonly Float64Array[]): Float64Array[] {
  const products: Float64Array[] = [];
  for (let first = 0; first < vectors.length; first += 4) {
    const four = vectors.slice(first, first + 4);
    products.push(...multiplyFour(graph, four).slice(0, four.length));
  }
  return products;
}

/**
 * Four at once: their values for a column lie together, and none of the four sums waits for another. Each sum is taken
 * in the order of the columns.
 */
function multiplyFour(graph: Graph, vectors: readonly Float64Array[]): Float64Array[] {
  const size = graph.length;
  const values = new Float64Array(4 * size);
  for (const [index, vector] of vectors.entries()) {
    for (let row = 0; row < size; row++) values[4 * row + index] = vector[row] as number;
  }
  const products = Array.from({ length: 4 }, () => new Float64Array(size));
  const [ones, twos, threes, fours] = products as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (const [row, { columns, weights }] of graph.entries()) {
    let a = values[4 * row] as number;
    let b = values[4 * row + 1] as number;
    let c = values[4 * row + 2] as number;
    let d = values[4 * row + 3] as number;
    for (let at = 0; at < columns.length; at++) {
      const weight = weights[at] as number;
      const from = 4 * (columns[at] as number);
      a += weight * (values[from] as number);
      b += weight * (values[from + 1] as number);
      c += weight * (values[from + 2] as number);
      d += weight * (values[from + 3] as number);
    }
    ones[row] = a;
    twos[row] = b;
    threes[row] = c;
    fours[row] = d;
  }
  return products;
}
