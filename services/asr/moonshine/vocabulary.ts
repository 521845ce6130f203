import { readFile } from 'node:fs/promises';

/** Bytes of each token by id. */
export type Vocabulary = ReadonlyMap<number, Uint8Array>;

export const SPECIAL_TOKENS = 3; // unknown, start, end: they have no text

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
