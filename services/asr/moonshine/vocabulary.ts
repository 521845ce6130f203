import { readFile } from 'node:fs/promises';
import llamaTokenizer from 'llama-tokenizer-js';

/** Bytes of each token by id. */
export type Vocabulary = ReadonlyMap<number, Uint8Array>;

const SPECIAL_TOKENS = 3; // unknown, start, end: they have no text

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

/** Reads a token table; the special tokens are left out, so that they add nothing to a text. */
export async function readVocabulary(path: string): Promise<Vocabulary> {
  const vocabulary = new Map<number, Uint8Array>();
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const [text, id] = line.split(' ');
    if (text === undefined || id === undefined || Number(id) < SPECIAL_TOKENS) continue;
    vocabulary.set(Number(id), Buffer.from(text, 'base64'));
  }
  return vocabulary;
}
