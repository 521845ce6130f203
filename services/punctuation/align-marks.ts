/** What a model may put behind a word. */
const MARK = /[,.?，。？、]/u;
/** A sign of its vocabulary that it took for a mark: `<unk>`. */
const VOCABULARY_SIGN = /<[^<>]*>/gu;

/**
 * Finds words in a text that a model has put marks into: every character of every word comes back, in order, with spaces
 * and marks between. Marks inside a word are dropped.
 *
 * @param words Without spaces, marks and angle brackets; none is empty.
 * @returns What stands behind each word, for as many words from the first one on as the text has whole; undefined when
 * it has another character instead.
 */
export function alignMarks(words: readonly string[], text: string): string[] | undefined {
  const characters = [...text.replace(VOCABULARY_SIGN, '')];
  const marks: string[] = [];
  let at = 0;
  for (const word of words) {
    for (const character of word) {
      while (isBetween(characters[at])) at++;
      if (at === characters.length) return marks;
      if (characters[at] !== character) return undefined;
      at++;
    }
    while (isBlank(characters[at])) at++;
    const mark = characters[at];
    marks.push(mark !== undefined && MARK.test(mark) ? mark : '');
  }
  while (isBetween(characters[at])) at++;
  return at === characters.length ? marks : undefined;
}

function isBetween(character: string | undefined): boolean {
  return isBlank(character) || (character !== undefined && MARK.test(character));
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/u.test(character);
}
