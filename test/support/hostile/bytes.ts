/** Numbers as bytes, and files with some bytes replaced. */

export function u16le(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function u16be(value: number): Buffer {
  return u16le(value).swap16();
}

export function u32le(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u32be(value: number): Buffer {
  return u32le(value).swap32();
}

export function u64be(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

export function u64le(value: bigint): Buffer {
  return u64be(value).swap64();
}

export function f64be(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

export function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** A copy with `value` written over what stands at `at`. */
export function patched(bytes: Buffer, at: number, value: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  value.copy(copy, at);
  return copy;
}

/** Every place at which `text` stands. */
export function placesOf(bytes: Buffer, text: string | Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at);
  return places;
}
