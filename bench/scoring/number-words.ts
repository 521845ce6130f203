/** Number words of English and what they are worth. */

const names = (first: number, step: number, words: string): [string, number][] =>
  words.split(' ').map((word, index) => [word, first + index * step]);

export const units = new Map(names(1, 1, 'one two three four five six seven eight nine'));

export const teens = new Map(
  names(10, 1, 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'),
);

export const tens = new Map(names(20, 10, 'twenty thirty forty fifty sixty seventy eighty ninety'));

/** twenties, eighties … : decades. */
export const decades = new Map(
  names(20, 10, 'twenties thirties forties fifties sixties seventies eighties nineties'),
);

export const scales = new Map(
  names(0, 1, 'thousand million billion trillion').map(([word], index): [string, number] => [
    word,
    1000 ** (index + 1),
  ]),
);

export const ordinalUnits = new Map(
  names(1, 1, 'first second third fourth fifth sixth seventh eighth ninth'),
);

export const ordinalTeens = new Map(
  names(
    10,
    1,
    'tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth',
  ),
);

export const ordinalTens = new Map(
  names(20, 10, 'twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth'),
);

export const ordinalScales = new Map(
  [...scales].map(([word, value]): [string, number] => [`${word}th`, value]),
);

/** 1st, 2nd, 3rd, 11th … */
export function ordinalText(value: number): string {
  const lastTwo = value % 100;
  const suffix =
    lastTwo >= 11 && lastTwo <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${suffix}`;
}
