import { u32le, u64le } from './bytes.js';

const HEADER_BYTES = 27;
const CRC_AT = 22;
const MAXIMUM_SEGMENTS = 255;

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1)
    crc = crc & 0x8000_0000 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc >>> 0;
});

/** Where each page begins and ends. */
export function pagesOf(bytes: Buffer): { at: number; end: number }[] {
  const pages = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const segments = bytes[at + 26] ?? 0;
    const table = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + segments);
    const end = at + HEADER_BYTES + segments + table.reduce((sum, length) => sum + length, 0);
    pages.push({ at, end: Math.min(end, bytes.length) });
    at = end;
  }
  return pages;
}

/** Writes the checksum of a page into it (RFC 3533, 6). */
export function closePage(page: Buffer): Buffer {
  page.writeUInt32LE(0, CRC_AT);
  let crc = 0;
  for (const byte of page) crc = (crc << 8) ^ (crcTable[((crc >>> 24) ^ byte) & 255] ?? 0);
  page.writeUInt32LE(crc >>> 0, CRC_AT);
  return page;
}

export type PageOptions = {
  readonly packets: readonly Buffer[];
  readonly granule: bigint;
  readonly number: number;
  readonly serial?: number;
  /** 2: the first page of a stream; 4: the last. */
  readonly flags?: number;
};

/** A page of whole packets, each shorter than 255 bytes unless it is alone. */
export function oggPage({ packets, granule, number, serial = 1, flags = 0 }: PageOptions): Buffer {
  const lacing = packets.flatMap(({ length }) => [
    ...Array.from({ length: Math.floor(length / 255) }, () => 255),
    length % 255,
  ]);
  if (lacing.length > MAXIMUM_SEGMENTS) throw new Error('too much for one ogg page');
  return closePage(
    Buffer.concat([
      Buffer.from(['O', 'g', 'g', 'S'].map((letter) => letter.charCodeAt(0))),
      Buffer.from([0, flags]),
      u64le(granule),
      u32le(serial),
      u32le(number),
      u32le(0),
      Buffer.from([lacing.length, ...lacing]),
      ...packets,
    ]),
  );
}
