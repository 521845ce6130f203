import { deflateSync } from 'node:zlib';

/** UTF-8 bytes of a text over its zlib-compressed bytes, as OpenAI's `compression_ratio`; 0 for an empty text. */
export function compressionRatio(text: string): number {
  const bytes = Buffer.from(text);
  return bytes.length === 0 ? 0 : bytes.length / deflateSync(bytes).length;
}
