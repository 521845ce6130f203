import { patched, placesOf, u32be, u32le, u64be, u64le } from './bytes.js';
import { walkElements } from './ebml.js';
import type { GoodFile, HostileFile } from './hostile-file.js';
import { walkBoxes } from './mp4.js';
import { closePage, pagesOf } from './ogg.js';

/** A field that says how long something is, and what to write into it. */
type SizeField = { readonly name: string; readonly at: number; readonly values: readonly Buffer[] };

/** Fields of one file; the later ones of many alike teach nothing new. */
const MAXIMUM_FIELDS = 40;

/** Every size a file declares, one at a time: far too large, nothing, or something odd. */
export function* wrongSizes(good: GoodFile): Generator<HostileFile> {
  if (good.container === 'ogg') yield* oggSizes(good);
  for (const { name, at, values } of sizeFields(good).slice(0, MAXIMUM_FIELDS)) {
    for (const value of values) {
      const shown = value.toString('hex');
      yield {
        family: 'sizes',
        name: `${good.name}, ${name} at ${at} is ${shown}`,
        bytes: patched(good.bytes, at, value),
      };
    }
  }
}

function sizeFields({ container, bytes }: GoodFile): SizeField[] {
  if (container === 'wav' || container === 'avi') return riffFields(bytes);
  if (container === 'aiff') return chunkFields(bytes, { at: 12, big: true });
  if (container === 'mov') return boxFields(bytes);
  if (container === 'matroska') return elementFields(bytes);
  if (container === 'flac') return flacFields(bytes);
  if (container === 'asf') return asfFields(bytes);
  if (container === 'mp3') return mp3Fields(bytes);
  return headerWords(bytes);
}

const LITTLE = [0xffff_ffff, 0x7fff_ffff, 0].map(u32le);
const BIG = [0xffff_ffff, 0x7fff_ffff, 0].map(u32be);

function riffFields(bytes: Buffer): SizeField[] {
  const whole = { name: 'RIFF', at: 4, values: LITTLE };
  const lists = placesOf(bytes.subarray(0, 4096), 'LIST').map((at) => at + 12);
  const inner = lists.flatMap((at) => chunkFields(bytes, { at, big: false }));
  return [whole, ...chunkFields(bytes, { at: 12, big: false }), ...inner.slice(0, 8)];
}

function chunkFields(bytes: Buffer, { at, big }: { at: number; big: boolean }): SizeField[] {
  const fields: SizeField[] = [];
  for (let place = at; place + 8 <= bytes.length && fields.length < 6; ) {
    const name = bytes.toString('latin1', place, place + 4).trim();
    fields.push({ name, at: place + 4, values: big ? BIG : LITTLE });
    const size = big ? bytes.readUInt32BE(place + 4) : bytes.readUInt32LE(place + 4);
    place += 8 + size + (size % 2);
  }
  return fields;
}

/** In a box 0 means "to the end of the file" and 1 "the size follows in 64 bits". */
function boxFields(bytes: Buffer): SizeField[] {
  const values = [0xffff_ffff, 0, 1].map(u32be);
  return walkBoxes(bytes).map(({ type, at }) => ({ name: type, at, values }));
}

/** All ones mean "unknown"; one less is the largest that can be said. */
function elementFields(bytes: Buffer): SizeField[] {
  return walkElements(bytes).map(({ id, sizeAt, sizeBytes }) => {
    const unknown = Buffer.alloc(sizeBytes, 255);
    unknown[0] = 255 >> (sizeBytes - 1);
    const largest = Buffer.from(unknown);
    largest[sizeBytes - 1] = 254;
    return { name: id, at: sizeAt, values: [unknown, largest] };
  });
}

function flacFields(bytes: Buffer): SizeField[] {
  const fields: SizeField[] = [];
  for (let at = 4; at + 4 <= bytes.length && fields.length < 6; ) {
    const values = [0xffffff, 0x7fffff, 0].map((size) => u32be(size).subarray(1));
    fields.push({ name: 'block', at: at + 1, values });
    if (((bytes[at] ?? 0) & 128) !== 0) break;
    at += 4 + bytes.readUIntBE(at + 1, 3);
  }
  return fields;
}

function asfFields(bytes: Buffer): SizeField[] {
  const values = [0xffff_ffff_ffff_ffffn, 0x7fff_ffff_ffff_ffffn, 0n].map(u64le);
  const fields = [{ name: 'header', at: 16, values }];
  for (let at = 30; at + 24 <= bytes.length && fields.length < 16; ) {
    fields.push({ name: 'object', at: at + 16, values });
    at += Math.max(24, Number(bytes.readBigUInt64LE(at + 16)));
  }
  return fields;
}

/** The size of the ID3 tag, and the counts in the first frame's header. */
function mp3Fields(bytes: Buffer): SizeField[] {
  const largest = Buffer.from([0x7f, 0x7f, 0x7f, 0x7f]);
  const xing = Math.max(bytes.indexOf('Xing'), bytes.indexOf('Info'));
  return [
    { name: 'ID3', at: 6, values: [largest, u32be(0), Buffer.from([255, 255, 255, 255])] },
    ...[8, 12].map((offset) => ({ name: 'Xing', at: xing + offset, values: BIG })),
  ];
}

/** Where we know nothing better: each of the first words. */
function headerWords(bytes: Buffer): SizeField[] {
  const words = Math.min(12, Math.floor(bytes.length / 4) - 1);
  return Array.from({ length: words }, (_, i) => ({
    name: 'word',
    at: 4 + 4 * i,
    values: [u32be(0xffff_ffff), u32be(0)],
  }));
}

/** Ogg pages carry a checksum, which must be right for the rest to be read. */
function* oggSizes({ name, bytes }: GoodFile): Generator<HostileFile> {
  const pages = pagesOf(bytes);
  const changes: Record<string, (page: Buffer) => void> = {
    'all segments full': (page) => page.fill(255, 27, 27 + (page[26] ?? 0)),
    'all segments empty': (page) => page.fill(0, 27, 27 + (page[26] ?? 0)),
    'no segments': (page) => page.writeUInt8(0, 26),
    'latest time': (page) => u64be(0xffff_ffff_ffff_ff7fn).copy(page, 6),
    'negative time': (page) => u64le(0x8000_0000_0000_0000n).copy(page, 6),
    'another stream': (page) => page.writeUInt32LE(0xdead_beef, 14),
    'a beginning': (page) => page.writeUInt8(2, 5),
    'page number': (page) => page.writeUInt32LE(0xffff_ffff, 18),
  };
  for (const [what, change] of Object.entries(changes)) {
    for (const number of [0, 1, 2, pages.length - 1]) {
      const copy = Buffer.from(bytes);
      const { at, end } = pages[number] ?? { at: 0, end: 0 };
      const page = copy.subarray(at, end);
      change(page);
      closePage(page);
      yield { family: 'sizes', name: `${name}, ${what} in page ${number}`, bytes: copy };
    }
  }
}
