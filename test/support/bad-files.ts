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

/** EBML header, segment and track of an Opus recording that was stopped before the first cluster. */
export const headerOnlyWebm = Buffer.from(
  '1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701ffffffffffffff' +
    '1549a96699' +
    '2ad7b1830f42404d80864368726f6d655741864368726f6d65' +
    '1654ae6bb0ae aed7810173c58101838102 86864f5f4f505553e18d b58440e770009f8101'.replace(/ /g, ''),
  'hex',
);
