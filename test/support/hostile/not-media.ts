import { gzipSync } from 'node:zlib';
import { ascii, u32le } from './bytes.js';
import { concat, type Good, type Recipes } from './recipes.js';

const SWOLLEN_BYTES = 100_000_000;

/** Files that are no recording. */
export function notMedia(good: Good): Recipes {
  const recipes: Record<string, () => Buffer> = {
    nothing: () => Buffer.alloc(0),
    zeros: () => Buffer.alloc(3_000_000),
    ones: () => Buffer.alloc(3_000_000, 255),
    'one letter': () => Buffer.alloc(3_000_000, 'a'),
    'new lines': () => Buffer.alloc(1_000_000, '\n'),
    'text of other letters': () => Buffer.from('Стенограмма заседания. 会议记录。\n'.repeat(9000)),
    'text in UTF-16': () => Buffer.from('A text. '.repeat(20_000), 'utf16le'),
    'deep JSON': () => ascii('['.repeat(1_000_000)),
    'a web page': () => ascii(`<!doctype html>${'<div>'.repeat(100_000)}`),
    'XML that laughs': () => ascii(laughing()),
    'a recording in gzip': () => gzipSync(good('mp3')),
    'gzip that swells': () => swelling(),
    'gzip in gzip': () => gzipSync(swelling()),
    'an archive that swells': () => zip('a.wav', Buffer.alloc(2000), 0xffff_fff0),
    'an archive with a path': () => zip('../../../../tmp/canary.wav', good('wav 16-bit'), 64_044),
  };
  for (const byte of [0, 10, 0x47, 0xff]) {
    recipes[`one byte, ${byte}`] = () => Buffer.from([byte]);
  }
  for (const count of [2, 3, 4, 7, 8, 11, 12, 16, 20]) {
    recipes[`${count} bytes`] = () => good('wav 16-bit').subarray(0, count);
  }
  return recipes;
}

function swelling(): Buffer {
  return gzipSync(Buffer.alloc(SWOLLEN_BYTES), { level: 9 });
}

/** Entities that stand for ten of the ones before them. */
function laughing(): string {
  const entities = Array.from(
    { length: 10 },
    (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`,
  );
  return `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">${entities.join('')}]><MPD>&l10;</MPD>`;
}

/** A zip archive of one stored file that claims another size. */
function zip(name: string, content: Buffer, claimedBytes: number): Buffer {
  return concat(
    ascii('PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0'),
    u32le(content.length),
    u32le(claimedBytes),
    Buffer.from([name.length, 0, 0, 0]),
    ascii(name),
    content,
  );
}
