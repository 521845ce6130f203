/** Telephone sound (ITU-T G.711): a byte for each sample, 8000 of them a second. */

export type G711Law = 'mu' | 'a';

/** Samples as signed 16 bit. */
export function decodeG711(bytes: Uint8Array, law: G711Law): Int16Array {
  const table = law === 'mu' ? muTable : aTable;
  return Int16Array.from(bytes, (byte) => table[byte] as number);
}

const muTable = Int16Array.from({ length: 256 }, (_, byte) => fromMu(byte));
const aTable = Int16Array.from({ length: 256 }, (_, byte) => fromA(byte));

/** Bits are inverted on the line; the bias makes the steps of all exponents meet. */
function fromMu(byte: number): number {
  const bits = ~byte & 0xff;
  const size = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return bits & 0x80 ? -size : size;
}

/** Every other bit is inverted on the line; the lowest exponent has no leading one. */
function fromA(byte: number): number {
  const bits = byte ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const step = ((bits & 0x0f) << 4) + 8;
  const size = exponent === 0 ? step : (step + 0x100) << (exponent - 1);
  return bits & 0x80 ? size : -size;
}
