import { isCommonWord } from './common-words.js';
import { lettersOf, type Spelling, spellingOf } from './spelling.js';

/** A word or phrase that is likely to be said, ready to be looked for. */
export type Keyword = Spelling & {
  /** Its words as they are to be written. */
  readonly words: readonly string[];
  /** Each of them as it is compared. */
  readonly spellings: readonly Spelling[];
};

/** Fewer letters are like too many words. */
const LEAST_LETTERS = 4;
/** A part of a phrase is looked for by itself from so many letters on. */
const LEAST_PART_LETTERS = 5;

/**
 * What is looked for on account of these phrases: each of them, and of those of several words each word that could be
 * nothing else: who was announced as "Fiona Whitlock" is called Whitlock later on. Each once, in the order of the phrases.
 */
export function keywordsOf(phrases: readonly string[]): Keyword[] {
  const found = new Map<string, Keyword>();
  const add = (words: readonly string[], least: number) => {
    const keyword = keywordOf(words);
    const { letters } = keyword;
    if ([...letters].length >= least && !found.has(letters)) found.set(letters, keyword);
  };
  for (const phrase of phrases) add(wordsOf(phrase), LEAST_LETTERS);
  for (const phrase of phrases) {
    const words = wordsOf(phrase);
    const rare = words.length > 1 ? words.filter((word) => !isCommonWord(lettersOf(word))) : [];
    for (const word of rare) add([word], LEAST_PART_LETTERS);
  }
  return [...found.values()];
}

function wordsOf(phrase: string): string[] {
  return phrase.split(/\s+/).filter((word) => lettersOf(word) !== '');
}

function keywordOf(words: readonly string[]): Keyword {
  const letters = words.map(lettersOf);
  return { ...spellingOf(letters.join('')), words, spellings: letters.map(spellingOf) };
}
