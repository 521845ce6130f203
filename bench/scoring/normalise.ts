import { decades, ordinalText } from './number-words.js';
import { readNumber } from './read-number.js';
import { americanSpelling } from './spelling.js';
import { type RawToken, splitTokens } from './split-tokens.js';

/**
 * A word in the form that is compared. `from` and `to` (both included) are the indices of the words it came from in
 * the list that was normalised.
 */
export type ComparedWord = { readonly text: string; readonly from: number; readonly to: number };

/**
 * Brings English words into the form in which reference and hypothesis are compared. Both sides go through it.
 *
 * Equal after it: case, punctuation, accents, hyphens and spaces between parts of a word ("well-known", "well known");
 * numbers as digits or as words (cardinals, ordinals, years, decades, decimals, "a hundred", percent, amounts of
 * dollars, euros and pounds, times of the day); British and American spelling of one spoken word.
 * A number is one word after it, however many it was said in.
 *
 * Not equal after it: "it's" and "its" or "it is" (apostrophes inside words stay, contractions are not expanded);
 * one word and two ("everyone", "every one"); titles and abbreviations ("Mr", "mister"); fractions; different ways to
 * say one time or number ("7:15" and "quarter past seven", "1984" read digit by digit).
 */
export function normaliseWords(words: readonly string[]): ComparedWord[] {
  const tokens = splitTokens(words);
  return joinMoney(joinYears(readNumbers(tokens))).map(({ text, from, to }) => ({
    text: americanSpelling(text),
    from,
    to,
  }));
}

/** The same for a running text, as strings. */
export function normaliseText(text: string): string[] {
  return normaliseWords(text.split(/\s+/).filter((word) => word !== '')).map((word) => word.text);
}

function readNumbers(tokens: readonly RawToken[]): ComparedWord[] {
  const texts = tokens.map((token) => token.text);
  const found: ComparedWord[] = [];
  for (let at = 0; at < tokens.length; ) {
    const number = readNumber(texts, at);
    const percent = texts[at] === 'per' && texts[at + 1] === 'cent';
    const length = number?.length ?? (percent ? 2 : 1);
    found.push({
      text: percent
        ? 'percent'
        : number === undefined
          ? withoutNumberWord(texts[at] ?? '')
          : spell(number),
      from: tokens[at]?.from ?? 0,
      to: tokens[at + length - 1]?.from ?? 0,
    });
    at += length;
  }
  return found;
}

function spell(number: { text: string; ordinal: boolean }): string {
  return number.ordinal ? ordinalText(Number(number.text)) : number.text;
}

/** "eighties" and "80's" as 80s; anything else as it is. */
function withoutNumberWord(text: string): string {
  const decade = decades.get(text);
  return decade === undefined ? text.replace(/^(\d+)'s$/, '$1s') : `${decade}s`;
}

/**
 * Two numbers that are said one after the other as a year or a 24-hour time become one: 19 84, 20 26, 10 66, 19 0 5,
 * 19 80s. 7 30 stays two, so that 7:30 does not turn into 730.
 */
function joinYears(words: readonly ComparedWord[]): ComparedWord[] {
  const joined: ComparedWord[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as ComparedWord;
    const second = words[at + 1];
    const third = words[at + 2];
    const century = /^1\d$|^20$/.test(word.text) ? Number(word.text) : undefined;
    if (century !== undefined && second !== undefined && isYearTail(century, second.text)) {
      joined.push({ text: word.text + second.text, from: word.from, to: second.to });
      at += 1;
    } else if (/^\d+$/.test(word.text) && isOh(second?.text) && /^[1-9]$/.test(third?.text ?? '')) {
      const [zero, digit] = [second as ComparedWord, third as ComparedWord];
      if (century !== undefined && century >= 13) {
        joined.push({ text: `${word.text}0${digit.text}`, from: word.from, to: digit.to });
      } else {
        joined.push(word, { ...zero, text: '0' }, digit);
      }
      at += 2;
    } else {
      joined.push(word);
    }
  }
  return joined;
}

function isYearTail(century: number, tail: string): boolean {
  if (!/^[1-9]\ds?$/.test(tail)) return false;
  return century >= 13 || Number.parseInt(tail, 10) >= 60;
}

function isOh(text: string | undefined): boolean {
  return text === 'oh' || text === 'o' || text === '0';
}

/** Drops the "and" of "5 dollars and 20 cents", which nobody writes in $5.20. */
function joinMoney(words: readonly ComparedWord[]): ComparedWord[] {
  return words.filter((word, at) => {
    if (word.text !== 'and') return true;
    const before = words[at - 1]?.text ?? '';
    const after = words[at + 2]?.text ?? '';
    return !(
      /^(dollars?|euros?|pounds?)$/.test(before) &&
      /^\d+$/.test(words[at + 1]?.text ?? '') &&
      /^(cents?|pence)$/.test(after)
    );
  });
}
