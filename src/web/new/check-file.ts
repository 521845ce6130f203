import { sizeInWords } from '../ui/words.js';

/** Why a file need not be sent, in words; undefined for one that may be. What it holds is for the server to find out. */
export function problemOf(
  { size }: Pick<File, 'size'>,
  { maxBytes }: { readonly maxBytes: number | undefined },
): string | undefined {
  if (size === 0) return 'This file is empty (0 bytes). Pick one with sound in it.';
  if (maxBytes === undefined || size <= maxBytes) return undefined;
  const [is, limit] = [sizeInWords(size), sizeInWords(maxBytes)];
  return `This file has ${is}; the server takes up to ${limit}. Shorten or compress it, or ask the operator to raise MAX_UPLOAD_BYTES.`;
}
