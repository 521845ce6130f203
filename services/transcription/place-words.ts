import type { SpeechSpan } from '#services/asr/types.js';
import type { Word } from '#utils/transcript/types.js';

/** How far, in seconds, a word may reach beyond detected speech: detectors open late and close early. */
const TOLERANCE_SECONDS = 0.05;
/** A word in a pause belongs to the speech that begins within so many seconds after it. */
const NEAR_SECONDS = 0.3;
/** No word is made shorter than this by moving its edges. */
const MIN_WORD_SECONDS = 0.04;

/**
 * Moves the edges of words out of pauses. An attention alignment has no gaps, so a pause is given to the word before or
 * after it (the first word of a segment then begins too early): the voice activity detector knows better.
 *
 * @param words In order, on the clock of `spans`.
 * @returns The same words with `start` and `end` inside speech, in order, without overlap.
 */
export function placeWords(words: readonly Word[], spans: readonly SpeechSpan[]): Word[] {
  let floor = Number.NEGATIVE_INFINITY;
  return words
    .map((word) => {
      const home = mainSpan(word, spans);
      const start = Math.max(
        floor,
        home ? Math.max(word.start, home.start - TOLERANCE_SECONDS) : word.start,
      );
      const end = home ? Math.min(word.end, home.end + TOLERANCE_SECONDS) : word.end;
      floor = start;
      return { ...word, start, end: Math.max(end, start + MIN_WORD_SECONDS) };
    })
    .map((word, index, all) => {
      const next = all[index + 1];
      return next && next.start < word.end
        ? { ...word, end: Math.max(word.start, next.start) }
        : word;
    });
}

/** The span that holds most of the word; of a word in a pause, the one that begins soon after it, if there is one. */
function mainSpan(word: Word, spans: readonly SpeechSpan[]): SpeechSpan | undefined {
  let best: SpeechSpan | undefined;
  let longest = 0;
  for (const span of spans) {
    const shared = Math.min(word.end, span.end) - Math.max(word.start, span.start);
    if (shared > longest) {
      longest = shared;
      best = span;
    }
  }
  return best ?? spans.find(({ start }) => start >= word.end && start - word.end < NEAR_SECONDS);
}
