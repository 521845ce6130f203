import { deflateSync } from 'node:zlib';
import { ascii, f64be, patched, u32be } from './bytes.js';
import { element } from './ebml.js';
import { id3Tag } from './id3.js';
import { box, boxAt, withBox } from './mp4.js';
import { concat, type Good, many, type Recipes } from './recipes.js';

const SWOLLEN_BYTES = 200_000_000;

/** A few bytes that ask for gigabytes: tables of billions of entries, and what swells when it is unpacked. */
export function tables(good: Good): Recipes {
  const m4a = good('m4a');
  const recipes: Record<string, () => Buffer> = {
    'mov with a compressed index': () => compressedIndex(m4a),
    'mkv with compressed sound': () => compressedMatroska(),
    'mp3 with a compressed tag': () => {
      const content = concat(u32be(0x7fff_ffff), swelling());
      const header = concat(ascii('TXXX'), u32be(content.length), Buffer.from([0, 0x80]));
      return concat(id3Tag(concat(header, content)), good('mp3'));
    },
  };
  for (const count of [0x0fff_ffff, 0x7fff_ffff, 0xffff_ffff]) {
    const table = (type: string, ...words: number[]): Buffer => box(type, ...words.map(u32be));
    for (const size of [0, 1]) {
      recipes[`m4a of ${count} samples of ${size} bytes`] = () =>
        withBox(m4a, 'stsz', table('stsz', 0, size, count));
    }
    recipes[`m4a with ${count} times`] = () => withBox(m4a, 'stts', table('stts', 0, 1, count, 1));
    recipes[`m4a with ${count} samples in a chunk`] = () =>
      withBox(
        withBox(m4a, 'stsc', table('stsc', 0, 1, 1, count, 1)),
        'stsz',
        table('stsz', 0, 1, count),
      );
    recipes[`m4a with ${count} entries in its tables`] = () =>
      ['stco', 'stsc', 'stsz'].reduce(
        (bytes, type) => patched(bytes, boxAt(bytes, type) + 12, u32be(count)),
        m4a,
      );
  }
  return recipes;
}

function swelling(): Buffer {
  return deflateSync(Buffer.alloc(SWOLLEN_BYTES), { level: 9 });
}

/** QuickTime allows its index to be compressed. */
function compressedIndex(m4a: Buffer): Buffer {
  const at = boxAt(m4a, 'moov');
  const index = concat(m4a.subarray(at), box('free', Buffer.alloc(SWOLLEN_BYTES)));
  const data = box('cmvd', u32be(0x7fff_ffff), deflateSync(index, { level: 9 }));
  return concat(m4a.subarray(0, at), box('moov', box('cmov', box('dcom', ascii('zlib')), data)));
}

/** Every block, and what the decoder is told, is compressed. */
function compressedMatroska(): Buffer {
  const bomb = swelling();
  const zlib = element('5034', element('4254', Buffer.from([0])));
  const compression = element('6d80', element('6240', element('5032', Buffer.from([3])), zlib));
  const track = element(
    'ae',
    element('d7', Buffer.from([1])),
    element('83', Buffer.from([2])),
    element('86', ascii('A_PCM/INT/LIT')),
    element('63a2', bomb.subarray(0, 60_000)),
    compression,
    element(
      'e1',
      element('b5', f64be(16_000)),
      element('9f', Buffer.from([1])),
      element('6264', Buffer.from([16])),
    ),
  );
  const block = element('a3', Buffer.from([0x81, 0, 0, 0x80]), bomb);
  return concat(
    element('1a45dfa3', element('4282', ascii('matroska'))),
    element(
      '18538067',
      element('1654ae6b', track),
      element(
        '1f43b675',
        element('e7', u32be(0)),
        many(8, () => block),
      ),
    ),
  );
}
