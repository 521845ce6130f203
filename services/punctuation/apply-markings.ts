import type { Word } from '#utils/transcript/types.js';
import type { Casing, Marking } from './types.js';

/** A text and its words; words have no spaces around them and stand in the text in this order. */
export type Worded = { readonly text: string; readonly words: readonly Word[] };

const ENDS_WITH_MARK = /[.,:;!?…。，、：；！？]['"”’)\]]*$/u;
const HAN = /\p{Script=Han}/u;
const WESTERN: Readonly<Record<string, string>> = {
  '，': ',',
  '、': ',',
  '。': '.',
  '？': '?',
};

/**
 * Writes marks behind words and changes their capitals, in the words and in the text alike; times and everything else of
 * a word stay. Words that end with a mark get none. Capitals are changed only where the recogniser writes none, or
 * nothing else. Marks are Chinese where there is a Chinese character, and Western elsewhere.
 *
 * @returns Undefined where a word is not found in the text.
 */
export function applyMarkings(
  { text, words }: Worded,
  markings: readonly Marking[],
): Worded | undefined {
  const isCased = /\p{Ll}/u.test(text) && /\p{Lu}/u.test(text);
  const isChinese = HAN.test(text);
  let written = '';
  let from = 0;
  const marked: Word[] = [];
  for (const [index, word] of words.entries()) {
    const at = text.indexOf(word.text, from);
    if (at < 0) return undefined;
    const { mark = '', casing = 'kept' } = markings[index] ?? {};
    const changed = [
      isCased ? word.text : withCasing(word.text, casing),
      ENDS_WITH_MARK.test(word.text) ? '' : isChinese ? mark : (WESTERN[mark] ?? mark),
    ].join('');
    written += text.slice(from, at) + changed;
    from = at + word.text.length;
    marked.push({ ...word, text: changed });
  }
  return { text: written + text.slice(from), words: marked };
}

function withCasing(word: string, casing: Casing): string {
  if (casing === 'kept') return word;
  if (casing === 'upper') return word.toUpperCase();
  const lower = word.toLowerCase();
  return casing === 'lower' ? lower : lower.replace(/\p{L}/u, (letter) => letter.toUpperCase());
}
