import { ascii } from './bytes.js';
import type { Canary } from './canary.js';
import { id3Frame, id3Tag } from './id3.js';
import { m3u8 } from './playlists.js';
import { concat, type Good, many, type Recipes } from './recipes.js';

const HOSTS = ['mp3', 'mpeg-ts with video', 'm4a', 'wav 16-bit', 'ogg opus', 'flac', 'loas'];
/** Of a packet of an MPEG transport stream, and of what it carries. */
const PACKET_BYTES = 188;
const PAYLOAD_BYTES = 184;

/** Playlists that begin or end like something else. */
export function disguised(good: Good, { path }: Canary): Recipes {
  const list = ascii(m3u8(`file://${path}`));
  const concatenation = ascii(`ffconcat version 1.0\nfile '${path}'\n`);
  const recipes: Record<string, () => Buffer> = {
    'a playlist behind an ID3 tag': () => concat(id3Tag(id3Frame('TIT2', ascii('\0x'))), list),
    'a playlist behind a byte order mark': () => concat(Buffer.from('efbbbf', 'hex'), list),
    'a playlist in UTF-16': () => Buffer.from(list.toString(), 'utf16le'),
    'a playlist in packets of a broadcast': () => packets(list),
  };
  for (const name of HOSTS) {
    const bytes = good(name);
    recipes[`${name} behind a playlist`] = () => concat(list, bytes);
    recipes[`${name} in front of a playlist`] = () => concat(bytes, list);
    recipes[`the head of ${name} in front of a playlist`] = () =>
      concat(bytes.subarray(0, PACKET_BYTES), list);
    recipes[`${name} behind a concatenation`] = () => concat(concatenation, bytes);
  }
  return recipes;
}

function packets(content: Buffer): Buffer {
  return many(Math.ceil(content.length / PAYLOAD_BYTES), (number) => {
    const payload = content.subarray(number * PAYLOAD_BYTES, (number + 1) * PAYLOAD_BYTES);
    const stuffing = Buffer.alloc(PAYLOAD_BYTES - payload.length, 255);
    return concat(Buffer.from([0x47, 0x40, 0x11, 0x10]), payload, stuffing);
  });
}
