import { ascii, u16be, u64be } from './bytes.js';

export const FLAC_BLOCK = 65_535;

/** Blocks of one constant sample each (RFC 9639, 9.2): about fourteen bytes for 65,535 samples. */
export function flac({ rate, blocks }: { rate: number; blocks: number }): Buffer {
  const info = Buffer.concat([
    u16be(FLAC_BLOCK),
    u16be(FLAC_BLOCK),
    Buffer.alloc(6),
    u64be((BigInt(rate) << 44n) | (15n << 36n)),
    Buffer.alloc(16),
  ]);
  const pieces = [ascii('fLaC'), Buffer.from([0x80, 0, 0, 34]), info];
  for (let number = 0; number < blocks; number += 1) {
    // Fixed block size, given in 16 bits at the end; rate and sample size as in the header; one channel.
    const header = Buffer.concat([
      Buffer.from([0xff, 0xf8, 0x70, 0x00]),
      codedNumber(number),
      u16be(FLAC_BLOCK - 1),
    ]);
    const frame = Buffer.concat([
      header,
      Buffer.from([crc8(header)]),
      Buffer.from([0x00, 0x00, 0x00]),
    ]);
    pieces.push(frame, u16be(crc16(frame)));
  }
  return Buffer.concat(pieces);
}

/** UTF-8, as it was before it ended at 21 bits. */
function codedNumber(number: number): Buffer {
  if (number < 0x80) return Buffer.from([number]);
  const bytes: number[] = [];
  let rest = number;
  for (let room = 6; rest >= 2 ** room; room -= 1) {
    bytes.unshift(0x80 | (rest & 63));
    rest >>>= 6;
  }
  const length = bytes.length + 1;
  return Buffer.from([((0xff00 >> length) & 255) | rest, ...bytes]);
}

function crc8(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 255 : crc << 1;
  }
  return crc;
}

function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x8005) & 65_535 : crc << 1;
  }
  return crc;
}
