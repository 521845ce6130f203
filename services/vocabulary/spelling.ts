import levenshtein from 'damerau-levenshtein';
import { doubleMetaphone } from 'double-metaphone';

/** A word, or words written together, as it is compared. */
export type Spelling = {
  /** Letters and digits in lower case, without accents. */
  readonly letters: string;
  /** How it sounds in English ears (Double Metaphone), the usual way first; empty for other scripts. */
  readonly sounds: readonly string[];
};

/** Of a sound of so many consonants one may be another one. */
const LONG_SOUND = 5;

/** Letters and digits of a text in lower case, without accents, spaces and punctuation. */
export function lettersOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Words come again and again, and how they sound takes longer to find out than anything else here. */
const MOST_KEPT = 5000;
const kept = new Map<string, Spelling>();

/** @param letters As `lettersOf` gives them. */
export function spellingOf(letters: string): Spelling {
  const known = kept.get(letters);
  if (known) return known;
  const isLatin = /^[a-z]+$/.test(letters);
  const spelling = { letters, sounds: isLatin ? [...new Set(doubleMetaphone(letters))] : [] };
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(letters, spelling);
  return spelling;
}

/**
 * Letters that are missing, too many, others, or swapped with their neighbour: the distance of Damerau and Levenshtein.
 */
export function distance(one: string, other: string): number {
  return one === other ? 0 : levenshtein(one, other).steps;
}

const LETTER_KINDS = 128;
const letterCounts = new Int16Array(LETTER_KINDS);

/** What `distance` is at least: letters that one has and the other has not. A hundred times quicker. */
export function leastDistance(one: string, other: string): number {
  letterCounts.fill(0);
  for (let at = 0; at < one.length; at++) count(one.charCodeAt(at), 1);
  for (let at = 0; at < other.length; at++) count(other.charCodeAt(at), -1);
  let [only, missing] = [0, 0];
  for (const difference of letterCounts) {
    if (difference > 0) only += difference;
    else missing -= difference;
  }
  return Math.max(only, missing);
}

/** Letters of other scripts share a place, which makes the least distance less, never more. */
function count(code: number, by: number): void {
  const place = code % LETTER_KINDS;
  letterCounts[place] = (letterCounts[place] as number) + by;
}

/** The longest sound that both may have; empty where they sound different. */
export function sharedSound(one: Spelling, other: Spelling): string {
  return one.sounds
    .filter((sound) => other.sounds.includes(sound))
    .reduce((longest, sound) => (sound.length > longest.length ? sound : longest), '');
}

/** Whether one consonant is the whole difference between how they sound. */
export function soundsNear(one: Spelling, other: Spelling): boolean {
  return one.sounds.some((sound) =>
    other.sounds.some(
      (another) =>
        Math.min(sound.length, another.length) >= LONG_SOUND && distance(sound, another) <= 1,
    ),
  );
}
