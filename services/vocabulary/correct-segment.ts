import type { Word } from '#utils/transcript/types.js';
import { correctWords } from './correct-words.js';
import { findCorrections } from './find-corrections.js';
import { keywordsOf } from './keywords.js';

/** What is corrected of a segment. */
type Correctable = { readonly text: string; readonly words: readonly Word[] };

/** Writes keywords as they are written. Depends on the segment alone, so that it is the same wherever it is done. */
export type CorrectSegment = <Found extends Correctable>(segment: Found) => Found;

/**
 * What corrects segments towards these phrases: text and words alike. The segment itself is returned where nothing is to be
 * corrected. What is written without spaces between words (Chinese, Japanese, Thai) is left as it is.
 */
export function spellingCorrector(phrases: readonly string[]): CorrectSegment {
  const keywords = keywordsOf(phrases);
  return (segment) => {
    const written = [...segment.text.matchAll(/\S+/gu)];
    const texts = written.map(([word]) => word);
    const corrections = findCorrections(texts, keywords);
    const words = segment.words.map(({ text }) => text);
    const isSame = words.length === texts.length && words.every((word, at) => word === texts[at]);
    const inWords = isSame ? corrections : findCorrections(words, keywords);
    if (corrections.length === 0 && inWords.length === 0) return segment;
    let text = '';
    let done = 0;
    for (const { from, count, words: instead } of corrections) {
      const last = written[from + count - 1] as RegExpExecArray;
      text += segment.text.slice(done, written[from]?.index) + instead.join(' ');
      done = last.index + last[0].length;
    }
    text += segment.text.slice(done);
    return { ...segment, text, words: correctWords(segment.words, inWords) };
  };
}
