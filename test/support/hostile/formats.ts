import { ascii, f64be, patched, placesOf, u16be, u16le, u32be, u32le, u64be } from './bytes.js';
import { walkElements } from './ebml.js';
import type { GoodFile, HostileFile } from './hostile-file.js';
import { boxAt } from './mp4.js';
import { closePage, pagesOf } from './ogg.js';

/** A field of a header and what to write there. */
type Change = readonly [what: string, at: number, value: Buffer];

const RATES = [0, 1, 7, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const CHANNELS = [0, 3, 255, 65_535];

/** Sampling rates, channels, sample sizes and clocks that no recording has. */
export function* wrongFormats(files: readonly GoodFile[]): Generator<HostileFile> {
  for (const good of files) {
    for (const [what, at, value] of changesOf(good)) {
      const bytes = patched(good.bytes, at, value);
      // Checksums must be right for a page to be read.
      if (good.container === 'ogg')
        for (const page of pagesOf(bytes)) closePage(bytes.subarray(page.at, page.end));
      yield { family: 'formats', name: `${good.name}, ${what}`, bytes };
    }
  }
}

function changesOf({ name, container, bytes }: GoodFile): Change[] {
  if (name === 'wav 16-bit' || name === 'wav float' || name === 'wav adpcm')
    return ofWave(bytes.indexOf('fmt ') + 8);
  if (name === 'avi') return ofWave(bytes.lastIndexOf('strf') + 8);
  if (name === 'w64') return ofWave(64);
  // A WAVEFORMATEX behind the stream type, error correction and five numbers of a stream's properties.
  if (container === 'asf')
    return ofWave(bytes.indexOf(Buffer.from('9107dcb7b7a9cf118ee600c00c205365', 'hex')) + 24 + 54);
  if (name === 'flac') return ofFlac();
  if (container === 'mov') return ofMp4(bytes);
  if (container === 'matroska') return ofMatroska(bytes);
  if (name === 'ogg opus') return ofOpus(bytes.indexOf('OpusHead'));
  if (name === 'ogg vorbis') return ofVorbis(bytes.indexOf('vorbis') + 6);
  if (name === 'au')
    return [
      ...numbers('rate', 16, RATES, u32be),
      ...numbers('channels', 20, CHANNELS, u32be),
      ...numbers('encoding', 12, [0, 1, 7, 27, 99], u32be),
    ];
  if (name === 'aiff') return ofAiff(bytes.indexOf('COMM') + 8);
  if (name === 'caf') return ofCaf(bytes.indexOf('desc') + 12);
  if (name === 'sox')
    return [0, 1, Number.NaN, Number.POSITIVE_INFINITY, -1].map((rate) => [
      `rate ${rate}`,
      16,
      f64be(rate).swap64(),
    ]);
  if (name === 'tta')
    return [
      ...numbers('channels', 6, CHANNELS, u16le),
      ...numbers('bits', 8, [0, 1, 33, 65_535], u16le),
      ...numbers('rate', 10, RATES, u32le),
      ...numbers('samples', 14, [0, 0xffff_ffff], u32le),
    ];
  return [];
}

function numbers(
  what: string,
  at: number,
  values: readonly number[],
  write: (value: number) => Buffer,
): Change[] {
  return values.map((value) => [`${what} ${value}`, at, write(value)]);
}

/** Tag, channels, rate, bytes a second, bytes a block, bits a sample. */
function ofWave(at: number): Change[] {
  return [
    ...numbers('codec', at, [0, 2, 6, 0x11, 0x31, 0x55, 0x161, 0x270, 0xff, 0xfffe, 0xffff], u16le),
    ...numbers('channels', at + 2, CHANNELS, u16le),
    ...numbers('rate', at + 4, RATES, u32le),
    ...numbers('bytes a second', at + 8, [0, 1, 0xffff_ffff], u32le),
    ...numbers('bytes a block', at + 12, [0, 1, 65_535], u16le),
    ...numbers('bits', at + 14, [0, 1, 7, 65, 65_535], u16le),
    ['everything zero', at, Buffer.alloc(16)],
    ['everything full', at + 2, Buffer.alloc(14, 255)],
  ];
}

/** STREAMINFO (RFC 9639, 8.2): block sizes, frame sizes, then rate, channels, bits and samples in 64 bits. */
function ofFlac(): Change[] {
  const packed = (rate: number, channels: number, bits: number, samples: bigint): Buffer =>
    u64be(
      (BigInt(rate) << 44n) | (BigInt(channels - 1) << 41n) | (BigInt(bits - 1) << 36n) | samples,
    );
  return [
    ...numbers('block sizes', 8, [0, 1, 0xffff_ffff], u32be),
    ...[0, 1, 1_048_575].map((rate): Change => [`rate ${rate}`, 18, packed(rate, 2, 16, 0n)]),
    ...[1, 5, 8].map(
      (channels): Change => [`channels ${channels}`, 18, packed(44_100, channels, 16, 0n)],
    ),
    ...[1, 4, 32].map((bits): Change => [`bits ${bits}`, 18, packed(44_100, 2, bits, 0n)]),
    ['samples without end', 18, packed(44_100, 2, 16, (1n << 36n) - 1n)],
  ];
}

function ofMp4(bytes: Buffer): Change[] {
  const entry = boxAt(bytes, 'stsd') + 16;
  const changes = [
    ...numbers('channels', entry + 24, CHANNELS, u16be),
    ...numbers('bits', entry + 26, [0, 1, 65_535], u16be),
    ...numbers('rate', entry + 32, RATES, u32be),
    ...numbers('entries', boxAt(bytes, 'stsd') + 12, [0, 2, 0xffff_ffff], u32be),
    ...numbers('movie clock', boxAt(bytes, 'mvhd') + 20, [0, 1, 0xffff_ffff], u32be),
  ];
  for (const at of placesOf(bytes, 'mdhd'))
    changes.push(...numbers(`clock at ${at}`, at + 16, RATES, u32be));
  return changes;
}

function ofMatroska(bytes: Buffer): Change[] {
  const elements = walkElements(bytes);
  const changes: Change[] = [];
  const fill = (id: string, what: string, byte: number): void => {
    for (const { bodyAt, sizeAt } of elements.filter((each) => each.id === id).slice(0, 2)) {
      const size = (bytes[sizeAt] ?? 0) & 127;
      changes.push([
        `${what} at ${bodyAt} all ${byte}`,
        bodyAt,
        Buffer.alloc(Math.min(size, 8), byte),
      ]);
    }
  };
  for (const byte of [0, 127, 255]) {
    fill('b5', 'rate', byte);
    fill('9f', 'channels', byte);
    fill('6264', 'bits', byte);
    fill('2ad7b1', 'clock', byte);
    fill('56aa', 'delay', byte);
    fill('4489', 'duration', byte);
    fill('d7', 'track number', byte);
    fill('83', 'track type', byte);
  }
  const rate = elements.find(({ id }) => id === 'b5');
  if (rate)
    for (const value of [1, 2 ** 31, 1e300, -1])
      changes.push([`rate ${value}`, rate.bodyAt, f64be(value)]);
  return changes;
}

/** RFC 7845, 5.1. */
function ofOpus(at: number): Change[] {
  return [
    ...[0, 3, 255].map(
      (channels): Change => [`channels ${channels}`, at + 9, Buffer.from([channels])],
    ),
    ...numbers('first samples', at + 10, [0, 65_535], u16le),
    ...numbers('rate', at + 12, RATES, u32le),
    ...numbers('gain', at + 16, [0x7fff, 0x8000], u16le),
    ...[1, 2, 255].map((family): Change => [`family ${family}`, at + 18, Buffer.from([family])]),
    ['version', at + 8, Buffer.from([255])],
  ];
}

function ofVorbis(at: number): Change[] {
  return [
    ...[0, 255].map(
      (channels): Change => [`channels ${channels}`, at + 4, Buffer.from([channels])],
    ),
    ...numbers('rate', at + 5, RATES, u32le),
    ...[0, 0xff, 0x0f, 0xf0].map(
      (sizes): Change => [`block sizes ${sizes}`, at + 21, Buffer.from([sizes])],
    ),
  ];
}

function ofAiff(at: number): Change[] {
  return [
    ...numbers('channels', at, CHANNELS, u16be),
    ...numbers('samples', at + 2, [0, 0xffff_ffff], u32be),
    ...numbers('bits', at + 6, [0, 1, 65_535], u16be),
    // Numbers of 80 bits: zero, one, infinity, and the largest.
    ...[
      '00000000000000000000',
      '3fff8000000000000000',
      '7fff8000000000000000',
      '7ffeffffffffffffffff',
    ].map((rate): Change => [`rate ${rate}`, at + 8, Buffer.from(rate, 'hex')]),
  ];
}

function ofCaf(at: number): Change[] {
  return [
    ...[0, 1, -1, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY].map(
      (rate): Change => [`rate ${rate}`, at, f64be(rate)],
    ),
    ['codec', at + 8, ascii('zzzz')],
    ...numbers('bytes a packet', at + 16, [0, 1, 0xffff_ffff], u32be),
    ...numbers('samples a packet', at + 20, [0, 0xffff_ffff], u32be),
    ...numbers('channels', at + 24, CHANNELS, u32be),
    ...numbers('bits', at + 28, [0, 1, 0xffff_ffff], u32be),
  ];
}
