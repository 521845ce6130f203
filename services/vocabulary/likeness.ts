import { isCommonWord } from './common-words.js';
import type { Keyword } from './keywords.js';
import { distance, type Spelling, sharedSound, soundsNear, spellingOf } from './spelling.js';

/** Sounds of so many consonants are hardly shared by chance: then the letters need be alike by two fifths only. */
const TELLING_SOUND = 5;
const TELLING_SHARE = 0.6;

/** Common words written together are a keyword of so many letters, if the letters are the same, or one is another one. */
const LEAST_JOINED_LETTERS = 6;
const LEAST_COMMON_LETTERS = 8;

/** Letters that may differ, by the number of letters of the keyword: at least `letters` of them. */
const ALLOWED = [
  { letters: 12, differently: 2, alike: 4 },
  { letters: 8, differently: 1, alike: 3 },
  { letters: 5, differently: 1, alike: 2 },
  { letters: 4, differently: 0, alike: 1 },
  { letters: 0, differently: 0, alike: 0 },
] as const;

/**
 * How far words are from a keyword, from 0 (the same letters) on; undefined where they are too far to be meant for it.
 *
 * As many words as the keyword has are compared one by one. Others are compared as if they were written together ("white
 * lock" for "Whitlock"): where they sound alike, or where hardly a letter is another one. Words that are common are taken
 * for what was said, so one of them is never near; several of them together are only where sound and letters agree but for one.
 *
 * @param run Words that follow each other, as letters (`lettersOf`).
 */
export function farness(run: readonly string[], keyword: Keyword): number | undefined {
  // A number with another digit is another number.
  if (digitsOf(run.join('')) !== digitsOf(keyword.letters)) return undefined;
  return run.length === keyword.words.length
    ? farnessWordByWord(run, keyword)
    : farnessTogether(run, keyword);
}

/** More letters than this make a run too long or too short for a keyword. */
export function mostLettersApart({ letters }: Spelling): number {
  return Math.max(allowedFor(letters).alike, Math.floor(letters.length * TELLING_SHARE));
}

function farnessWordByWord(run: readonly string[], { spellings }: Keyword): number | undefined {
  let sum = 0;
  for (const [index, wanted] of spellings.entries()) {
    const heard = run[index] as string;
    if (heard === wanted.letters) continue;
    if (isCommonWord(heard) || isOtherForm(heard, wanted.letters)) return undefined;
    const letters = distance(heard, wanted.letters);
    if (letters > mostLettersApart(wanted)) return undefined;
    const apart = near(spellingOf(heard), wanted, letters);
    if (apart === undefined) return undefined;
    sum += apart;
  }
  // A phrase that stands there in other capitals only is its own; a common word is as it was said.
  return run.length === 1 && isCommonWord(run[0] as string) ? undefined : sum;
}

function farnessTogether(run: readonly string[], keyword: Keyword): number | undefined {
  const together = run.join('');
  const isCommon = run.every(isCommonWord);
  if (together === keyword.letters)
    return isCommon && together.length < LEAST_JOINED_LETTERS ? undefined : 0;
  if (isOtherForm(together, keyword.letters)) return undefined;
  const apart = distance(together, keyword.letters);
  if (apart > mostLettersApart(keyword)) return undefined;
  const heard = spellingOf(together);
  const isAlike = sharedSound(heard, keyword) !== '';
  // "more on" is not Moreno.
  if (isCommon)
    return isAlike && apart <= 1 && keyword.letters.length >= LEAST_COMMON_LETTERS
      ? apart
      : undefined;
  const { differently } = allowedFor(keyword.letters);
  if (!isAlike) return apart <= Math.floor(differently / 2) ? apart : undefined;
  return near(heard, keyword, apart);
}

function near(heard: Spelling, wanted: Spelling, apart: number): number | undefined {
  const { differently, alike } = allowedFor(wanted.letters);
  const sound = sharedSound(heard, wanted);
  if (sound.length >= TELLING_SOUND)
    return apart <= Math.floor(wanted.letters.length * TELLING_SHARE) ? apart : undefined;
  return apart <= (sound !== '' || soundsNear(heard, wanted) ? alike : differently)
    ? apart
    : undefined;
}

function allowedFor(letters: string): { readonly differently: number; readonly alike: number } {
  const count = [...letters].length;
  const row = ALLOWED.find((each) => count >= each.letters);
  return row ?? { differently: 0, alike: 0 };
}

/** A plural or a case of a word is the word already, and stays. */
function isOtherForm(heard: string, wanted: string): boolean {
  const [shorter, longer] = heard.length < wanted.length ? [heard, wanted] : [wanted, heard];
  return longer.startsWith(shorter) && /^(e?s|e?n)$/.test(longer.slice(shorter.length));
}

function digitsOf(letters: string): string {
  return letters.replace(/\P{N}/gu, '');
}
