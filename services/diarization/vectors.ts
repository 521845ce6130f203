/** Length of a CAM++ embedding. */
export const EMBEDDING_SIZE = 192;

/** The vector with length 1; one of no length stays as it is. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** Of two vectors of unit length. */
export function cosine(one: Float32Array, other: Float32Array): number {
  return dot(one, other);
}

/** Sum of the products of two vectors of one kind and length. */
export function dot<Vector extends Float32Array | Float64Array>(
  one: Vector,
  other: Vector,
): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) {
    sum += (one[index] as number) * (other[index] as number);
  }
  return sum;
}
