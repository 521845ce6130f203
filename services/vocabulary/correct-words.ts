import type { Word } from '#utils/transcript/types.js';
import type { Correction } from './find-corrections.js';

/** A confidence is never taken for less than this: the logarithm of 0 is no figure. */
const LEAST_CONFIDENCE = 1e-10;

/**
 * Writes corrections into words. As many words as before keep their times, confidences and tokens. Where they are more or
 * fewer, their time, from the first one's start to the last one's end, and their tokens are shared out by the length of
 * the new words; each has the confidence of all of them, the geometric mean over their tokens. `pieces` stay what the
 * model heard.
 */
export function correctWords(words: readonly Word[], corrections: readonly Correction[]): Word[] {
  const corrected: Word[] = [];
  let done = 0;
  for (const { from, count, words: written } of corrections) {
    corrected.push(
      ...words.slice(done, from),
      ...rewritten(words.slice(from, from + count), written),
    );
    done = from + count;
  }
  return [...corrected, ...words.slice(done)];
}

function rewritten(words: readonly Word[], written: readonly string[]): Word[] {
  if (words.length === written.length)
    return words.map((word, index) => ({ ...word, text: written[index] as string }));
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last) return [];
  const letters = written.reduce((sum, { length }) => sum + length, 0);
  const tokenCount = words.reduce((sum, word) => sum + (word.tokenCount ?? Number.NaN), 0);
  const pieces = words.every((word) => word.pieces)
    ? words.flatMap((word) => word.pieces ?? [])
    : undefined;
  const confidence = meanConfidence(words);
  let before = 0;
  return written.map((text) => {
    const from = before / letters;
    before += text.length;
    const to = before / letters;
    const share = (total: number) => [Math.round(from * total), Math.round(to * total)] as const;
    const [firstToken, endToken] = share(tokenCount);
    const seconds = last.end - first.start;
    return {
      text,
      start: first.start + from * seconds,
      end: first.start + to * seconds,
      confidence,
      ...(Number.isFinite(tokenCount) && { tokenCount: endToken - firstToken }),
      ...(pieces && { pieces: pieces.slice(...share(pieces.length)) }),
    };
  });
}

function meanConfidence(words: readonly Word[]): number {
  let sum = 0;
  let tokens = 0;
  for (const { confidence, tokenCount = 1 } of words) {
    sum += tokenCount * Math.log(Math.max(confidence, LEAST_CONFIDENCE));
    tokens += tokenCount;
  }
  return tokens === 0 ? 0 : Math.exp(sum / tokens);
}
