import { randomBytes } from 'node:crypto';

/** A copy of which everything between two places (as shares of its length) is random. */
export function scrambled(bytes: Buffer, from: number, to: number): Buffer {
  const start = Math.floor(bytes.length * from);
  const end = Math.floor(bytes.length * to);
  return Buffer.concat([bytes.subarray(0, start), randomBytes(end - start), bytes.subarray(end)]);
}

/** The first part of a file, by share of its length. */
export function cutOff(bytes: Buffer, share: number): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length * share));
}

/** Sentences, enough of them to look like a file. */
export const plainText = Buffer.from(
  'This is a text, and somebody called it speech.mp3.\n'.repeat(400),
);
