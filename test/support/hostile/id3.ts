import { ascii, u16be, u32be } from './bytes.js';

/** An ID3v2.3 tag of whole frames. */
export function id3Tag(frames: Buffer): Buffer {
  const size = [21, 14, 7, 0].map((shift) => (frames.length >> shift) & 127);
  return Buffer.concat([ascii('ID3\x03\0\0'), Buffer.from(size), frames]);
}

export function id3Frame(id: string, content: Buffer): Buffer {
  return Buffer.concat([ascii(id), u32be(content.length), u16be(0), content]);
}
