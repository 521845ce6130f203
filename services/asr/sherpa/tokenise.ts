import type { Vocabulary } from './vocabulary.js';

const SPACE = ' ';

/**
 * Cuts a phrase into the tokens that a recogniser would say it in: pairs are merged in the order of the vocabulary, which
 * for SentencePiece's BPE is that of its merges (https://arxiv.org/abs/1808.06226) and for its unigram models that of
 * their probabilities, so that the result is the usual one or near it.
 *
 * @returns undefined for a phrase with a character that the vocabulary does not have, in whichever case.
 */
export function tokenise(phrase: string, vocabulary: Vocabulary): number[] | undefined {
  const ids = idsByText(vocabulary);
  const text = phrase.trim().replace(/\s+/gu, SPACE);
  for (const cased of [text, text.toUpperCase(), text.toLowerCase()]) {
    const tokens = encode(cased, ids);
    if (tokens) return tokens;
  }
  return undefined;
}

const known = new WeakMap<Vocabulary, ReadonlyMap<string, number>>();

function idsByText(vocabulary: Vocabulary): ReadonlyMap<string, number> {
  const before = known.get(vocabulary);
  if (before) return before;
  const ids = new Map<string, number>();
  for (const [id, bytes] of vocabulary.bytes) {
    const text = Buffer.from(bytes).toString('utf8');
    if (text !== '' && !text.includes('\uFFFD') && !ids.has(text)) ids.set(text, id);
  }
  known.set(vocabulary, ids);
  return ids;
}

function encode(text: string, ids: ReadonlyMap<string, number>): number[] | undefined {
  const tokens: number[] = [];
  for (const word of text.split(SPACE)) {
    for (const part of merged([SPACE, ...word], ids)) {
      const id = ids.get(part);
      if (id !== undefined) tokens.push(id);
      // A vocabulary of whole words and characters has no token for a space alone.
      else if (part !== SPACE) return undefined;
    }
  }
  return tokens.length > 0 ? tokens : undefined;
}

function merged(characters: readonly string[], ids: ReadonlyMap<string, number>): string[] {
  const parts = [...characters];
  for (;;) {
    let best: { at: number; id: number } | undefined;
    for (let at = 0; at + 1 < parts.length; at++) {
      const id = ids.get(`${parts[at]}${parts[at + 1]}`);
      if (id !== undefined && (best === undefined || id < best.id)) best = { at, id };
    }
    if (!best) return parts;
    parts.splice(best.at, 2, `${parts[best.at]}${parts[best.at + 1]}`);
  }
}
