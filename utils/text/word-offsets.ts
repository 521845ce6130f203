import type { Word } from '#utils/transcript/types.js';

/**
 * Where each word begins in a text that is one line; undefined when the words are not the words of this text. What
 * stands before the first word belongs to it.
 */
export function wordOffsets(
  text: string,
  words: readonly Pick<Word, 'text'>[],
): number[] | undefined {
  if (words.length === 0) return undefined;
  const offsets: number[] = [];
  let from = 0;
  for (const word of words) {
    const found = oneLine(word.text);
    const at = text.indexOf(found, from);
    if (at < 0) return undefined;
    offsets.push(at);
    from = at + found.length;
  }
  offsets[0] = 0;
  return offsets;
}

/** White space as single spaces: line breaks would end a subtitle early. */
export function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}
