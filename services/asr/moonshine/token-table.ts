import llamaTokenizer from 'llama-tokenizer-js';
import { SPECIAL_TOKENS } from './vocabulary.js';

/** The Llama vocabulary, which Moonshine uses, as lines of `base64(bytes) id`. */
export function tokenTable(): string {
  const { vocabById } = llamaTokenizer as unknown as { vocabById: readonly string[] };
  return vocabById
    .map((piece, id) => `${tokenBytes(piece, id).toString('base64')} ${id}\n`)
    .join('');
}

/** `▁` stands for a space, `<0xNN>` for one raw byte. */
function tokenBytes(piece: string, id: number): Buffer {
  if (id < SPECIAL_TOKENS) return Buffer.from(piece);
  const [, hex] = /^<0x([0-9A-F]{2})>$/.exec(piece) ?? [];
  return hex === undefined ? Buffer.from(piece.replaceAll('▁', ' ')) : Buffer.from(hex, 'hex');
}
