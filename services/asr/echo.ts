import type { Word } from '#utils/transcript/types.js';

/** A shorter phrase may well be said twice. */
const MIN_WORDS = 3;
const MAX_WORDS = 12;
/** Nobody speaks faster, in seconds a word. */
const FASTEST_WORD_SECONDS = 0.1;

/**
 * Whether a phrase is there twice in a row, the second time faster than anybody speaks: a recogniser that lost the
 * thread says its last words again, and their alignment finds no sound for them.
 */
export function hasEcho(words: readonly Word[]): boolean {
  const bare = words.map(({ text }) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
  return words.some((_, from) => {
    for (let count = MIN_WORDS; count <= MAX_WORDS && from + 2 * count <= words.length; count++) {
      const [again, last] = [words[from + count], words[from + 2 * count - 1]] as [Word, Word];
      const isTooFast = last.end - again.start < count * FASTEST_WORD_SECONDS;
      if (isTooFast && isRepeated(bare, from, count)) return true;
    }
    return false;
  });
}

function isRepeated(texts: readonly string[], from: number, count: number): boolean {
  for (let at = from; at < from + count; at++) if (texts[at] !== texts[at + count]) return false;
  return true;
}
