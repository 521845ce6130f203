import { elementType } from './build.js';
import type { OnnxTensor } from './schema.js';

/** The numbers of a tensor of 32-bit floats, however it was written. Throws when it is of another type. */
export function floatsOf(tensor: OnnxTensor): Float32Array {
  if (tensor.dataType !== elementType.float) throw new Error(`${tensor.name} does not hold floats`);
  if (!tensor.rawData?.length) return Float32Array.from(tensor.floatData ?? []);
  // The file's bytes need not lie at a multiple of four.
  return new Float32Array(Uint8Array.from(tensor.rawData).buffer);
}

/** The numbers of a tensor of unsigned bytes, however it was written. Throws when it is of another type. */
export function bytesOf(tensor: OnnxTensor): Uint8Array {
  if (tensor.dataType !== elementType.uint8) throw new Error(`${tensor.name} does not hold bytes`);
  return tensor.rawData?.length ? tensor.rawData : Uint8Array.from(tensor.int32Data ?? []);
}

export function dimsOf({ dims }: OnnxTensor): number[] {
  return dims.map(Number);
}

/** Unsigned bytes as signed ones, each 128 less. */
export function lessHalf(bytes: Uint8Array): Int8Array {
  const less = new Int8Array(bytes.length);
  for (let index = 0; index < bytes.length; index++) less[index] = (bytes[index] as number) - 128;
  return less;
}
