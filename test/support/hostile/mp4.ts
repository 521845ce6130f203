import { ascii, u32be } from './bytes.js';

const parents = new Set([
  'moov',
  'trak',
  'mdia',
  'minf',
  'stbl',
  'dinf',
  'udta',
  'edts',
  'moof',
  'traf',
  'mvex',
  'ilst',
]);
const HEADER_BYTES = 8;

export type Box = { readonly type: string; readonly at: number; readonly end: number };

/** Every box of an mp4 file, parents before their children. */
export function walkBoxes(bytes: Buffer, from = 0, to = bytes.length): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + HEADER_BYTES <= to; ) {
    const size = bytes.readUInt32BE(at);
    if (size < HEADER_BYTES) break;
    const type = bytes.toString('latin1', at + 4, at + 8);
    const end = Math.min(to, at + size);
    boxes.push({ type, at, end });
    if (parents.has(type)) boxes.push(...walkBoxes(bytes, at + HEADER_BYTES, end));
    at = end;
  }
  return boxes;
}

/** Where the first box of a type begins; throws if there is none. */
export function boxAt(bytes: Buffer, type: string): number {
  const found = walkBoxes(bytes).find((box) => box.type === type);
  if (found === undefined) throw new Error(`no ${type} box`);
  return found.at;
}

export function box(type: string, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32be(HEADER_BYTES + body.length), ascii(type), body]);
}

/** The file with one box replaced, and all sizes around it made right. Places of sound are not moved. */
export function withBox(bytes: Buffer, type: string, replacement: Buffer): Buffer {
  const at = boxAt(bytes, type);
  const size = bytes.readUInt32BE(at);
  const copy = Buffer.concat([bytes.subarray(0, at), replacement, bytes.subarray(at + size)]);
  for (const each of walkBoxes(bytes)) {
    if (each.at < at && each.end >= at + size) {
      copy.writeUInt32BE(bytes.readUInt32BE(each.at) + replacement.length - size, each.at);
    }
  }
  return copy;
}
