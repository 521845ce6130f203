/** A token of the text before numbers are read, with the input word it came from. */
export type RawToken = { readonly text: string; readonly from: number };

const currencies: Record<string, { one: string; many: string; cents: string }> = {
  $: { one: 'dollar', many: 'dollars', cents: 'cents' },
  '€': { one: 'euro', many: 'euros', cents: 'cents' },
  '£': { one: 'pound', many: 'pounds', cents: 'pence' },
};

/** Words that may follow a written amount before its currency is said: "$5 million" is "5 million dollars". */
const magnitudes = new Set(['hundred', 'thousand', 'million', 'billion', 'trillion']);

/**
 * Splits words (as a recogniser or a reference writes them) into lower-case tokens: letters with inner apostrophes, or
 * digits with an inner point. Signs that are spoken (%, &, $, €, £) become their words in spoken order; all other
 * punctuation is dropped; hyphens, dashes and slashes split.
 */
export function splitTokens(words: readonly string[]): RawToken[] {
  const parts = words.flatMap((word, from) =>
    plain(word)
      .split(/[\s\-‐-―/]+/)
      .filter((text) => text !== '')
      .map((text) => ({ text, from })),
  );
  const tokens: RawToken[] = [];
  for (let at = 0; at < parts.length; at++) {
    const { text, from } = parts[at] as RawToken;
    const money = /^[^\w$€£]*([$€£])(\d[\d,]*)(?:\.(\d+))?\W*$/.exec(text);
    if (money === null) {
      tokens.push(...spoken(text, parts[at + 1]?.text).map((token) => ({ text: token, from })));
      continue;
    }
    const following = parts[at + 1];
    const magnitude = following?.text.replace(/[^a-z]/g, '') ?? '';
    const scaled = magnitudes.has(magnitude);
    const amount = amountTokens(money, scaled ? magnitude : undefined);
    tokens.push(...amount.map((token) => ({ text: token, from })));
    if (scaled) at += 1;
  }
  return tokens;
}

/** Lower case, without accents, one kind of apostrophe. */
function plain(word: string): string {
  return word
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[‘’ʼ`´]/g, "'")
    .toLowerCase();
}

function amountTokens(money: RegExpExecArray, magnitude: string | undefined): string[] {
  const [, sign = '', whole = '', fraction] = money;
  const name = currencies[sign] as { one: string; many: string; cents: string };
  const amount = whole.replaceAll(',', '');
  if (magnitude !== undefined) {
    return [fraction === undefined ? amount : `${amount}.${fraction}`, magnitude, name.many];
  }
  const main = [amount, Number(amount) === 1 ? name.one : name.many];
  if (fraction === undefined || Number(fraction) === 0) return main;
  if (fraction.length !== 2) return [`${amount}.${fraction}`, name.many];
  const cents = [String(Number(fraction)), name.cents];
  return Number(amount) === 0 ? cents : [...main, ...cents];
}

/** Tokens of one word without currency. `following` is the next word of the text. */
function spoken(word: string, following: string | undefined): string[] {
  const time = /^\W*(\d{1,2})[:.](\d{2})(am|pm)?\W*$/.exec(word);
  if (time !== null && (word.includes(':') || time[3] !== undefined)) {
    return timeTokens(time, time[3] !== undefined || /^[ap]\.?m\b/.test(following ?? ''));
  }

  const initials = /^\W*((?:[a-z]\.){2,})('s)?\W*$/.exec(word);
  if (initials !== null) return [(initials[1] ?? '').replaceAll('.', '') + (initials[2] ?? '')];

  if (word === '%') return ['percent'];
  return word
    .replace(/(\d),(?=\d{3}(\D|$))/g, '$1')
    .replace(/(\d)\s*%/g, '$1 percent ')
    .replace(/&/g, ' and ')
    .replace(/(\d)(am|pm)\b/g, '$1 $2')
    .replace(/[^a-z\d.'\p{L}]/gu, ' ')
    .split(/[\s]+|\.(?!\d)|(?<!\d)\./u)
    .map((token) => token.replace(/^'+|'+$/g, ''))
    .filter((token) => token !== '');
}

/** 7:30 as it is said: 7 30; 7:05: 7 0 5; 7:00: 7 o'clock, but 7 before am or pm. */
function timeTokens(time: RegExpExecArray, halfFollows: boolean): string[] {
  const [, hour = '', minute = '', half] = time;
  const rest =
    minute === '00'
      ? halfFollows
        ? []
        : ["o'clock"]
      : minute.startsWith('0')
        ? ['0', minute.slice(1)]
        : [minute];
  return [String(Number(hour)), ...rest, ...(half === undefined ? [] : [half])];
}
