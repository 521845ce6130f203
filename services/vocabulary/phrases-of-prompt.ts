import { isCommonWord } from './common-words.js';
import { lettersOf } from './spelling.js';

/** What is separated by these and no longer than so many words is a list of words and not a text. */
const SEPARATORS = /[,;\n]+/;
const MOST_LISTED_WORDS = 4;
/** A list of one phrase is no longer than that. */
const MOST_LONE_WORDS = 2;
/** What a list is called is not in it: `Names: …`. */
const LABEL = /^\s*\p{L}+:\s/u;

/**
 * The vocabulary in a prompt, each phrase once. A list ("Fiona Whitlock, Kestrel; GTCRN") is taken whole. Of a text, which
 * may be what was said before, only names count: words with capitals or digits that do not begin a sentence and are not
 * common words; those that follow each other are one phrase.
 */
export function phrasesOfPrompt(prompt: string): string[] {
  const items = prompt
    .replace(LABEL, '')
    .split(SEPARATORS)
    .map((item) => item.trim().replace(/[.!?]$/, ''))
    .filter((item) => lettersOf(item) !== '');
  const most = items.length > 1 ? MOST_LISTED_WORDS : MOST_LONE_WORDS;
  const isList = !/[.!?]\s/.test(prompt) && items.every((item) => wordCount(item) <= most);
  return [...new Set(isList ? items.filter(isTelling) : namesIn(prompt))];
}

function isTelling(phrase: string): boolean {
  return phrase.split(/\s+/).some((word) => !isCommonWord(lettersOf(word)) || isOddlyWritten(word));
}

function namesIn(text: string): string[] {
  const names: string[] = [];
  let name: string[] = [];
  const end = () => {
    if (name.length > 0) names.push(name.join(' '));
    name = [];
  };
  let isFirst = true;
  for (const [written] of text.matchAll(/\S+/gu)) {
    const word = written.replace(/^[^\p{L}\p{N}]+|(['’]s)?[^\p{L}\p{N}]+$|['’]s$/gu, '');
    if (isName(word, isFirst)) name.push(word);
    else end();
    isFirst = /[.!?:]["”')\]]*$/.test(written);
    if (/[^\p{L}\p{N}]$/u.test(written)) end();
  }
  end();
  return names;
}

function isName(word: string, isFirst: boolean): boolean {
  if (lettersOf(word).length < 2) return false;
  if (isOddlyWritten(word)) return true;
  return !isFirst && /^\p{Lu}/u.test(word) && !isCommonWord(lettersOf(word));
}

/** With capitals behind the first letter, or with digits among letters: `GitHub`, `MDX23`, `iPhone`. */
function isOddlyWritten(word: string): boolean {
  return /.\p{Lu}/u.test(word) || (/\p{N}/u.test(word) && /\p{L}/u.test(word));
}

function wordCount(text: string): number {
  return text.split(/\s+/).length;
}
