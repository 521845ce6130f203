import type { Word } from '#utils/transcript/types.js';
import type { ReadStretch } from './read-stretch.js';

/** A word of a recognised text as it is written there. */
export type TextToken = {
  /** With its punctuation, without white space. */
  readonly text: string;
  /** White space before it; empty in languages that write none, and at the beginning. */
  readonly space: string;
  /** The same for words that differ in case and punctuation alone; empty for punctuation by itself. */
  readonly key: string;
  readonly word: Word;
};

/** A text as its words, of which each has its times; all of the text is in them. */
export function tokensOf({ text, words }: Pick<ReadStretch, 'text' | 'words'>): TextToken[] {
  const edges = wordEdges(text, words);
  if (!edges) return byWhiteSpace(text, words);
  return words.map((word, index) => {
    const whole = text.slice(index === 0 ? 0 : edges[index], edges[index + 1] ?? text.length);
    const before = text.slice(0, edges[index]).match(/\s*$/)?.[0] ?? '';
    return token(whole.trim(), index === 0 ? '' : before, word);
  });
}

/** What tokens are as text. */
export function textOf(tokens: readonly TextToken[]): string {
  return tokens.map(({ space, text }) => space + text).join('');
}

/** Where each word begins in the text; undefined where the text is not made of the words. */
function wordEdges(text: string, words: readonly Word[]): number[] | undefined {
  if (words.length === 0) return undefined;
  const edges: number[] = [];
  let at = 0;
  for (const word of words) {
    const found = text.indexOf(word.text, at);
    if (found < 0) return undefined;
    edges.push(found);
    at = found + word.text.length;
  }
  return edges;
}

/** The time from the first word to the last one shared out evenly, for engines whose words are not those of the text. */
function byWhiteSpace(text: string, words: readonly Word[]): TextToken[] {
  const parts = text.split(/\s+/).filter((part) => part !== '');
  const [start, end] = [words[0]?.start ?? 0, words.at(-1)?.end ?? 0];
  const step = (end - start) / Math.max(1, parts.length);
  return parts.map((part, index) =>
    token(part, index === 0 ? '' : ' ', {
      text: part,
      start: start + index * step,
      end: start + (index + 1) * step,
      confidence: words[index]?.confidence ?? 0,
    }),
  );
}

function token(text: string, space: string, word: Word): TextToken {
  return { text, space, key: text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''), word };
}
