import llamaTokenizer from 'llama-tokenizer-js';

/** A piece that is a whole word in lower case: `▁` stands for the space before it. */
const WHOLE_WORD = /^▁(\p{Ll}{2,})$/u;

let words: ReadonlySet<string> | undefined;

/**
 * Whether a word is so common that it is taken for what was said. Of some twenty languages written with letters; names are
 * none, since only what is written small counts.
 *
 * The list is that of the words which the Llama vocabulary has as one piece: it was made of the most frequent sequences of
 * a large collection of texts. Moonshine has the same vocabulary, so it is there already.
 */
export function isCommonWord(word: string): boolean {
  const letters = word.toLowerCase();
  return [...letters].length === 1 || commonWords().has(letters);
}

function commonWords(): ReadonlySet<string> {
  if (words !== undefined) return words;
  const { vocabById } = llamaTokenizer as unknown as { vocabById: readonly string[] };
  words = new Set(vocabById.flatMap((piece) => WHOLE_WORD.exec(piece)?.[1] ?? []));
  return words;
}
