import type { Word } from '#utils/transcript/types.js';
import { cheapestAssignment } from '../scoring/assignment.js';

/** A live word this far, in seconds, from the middle of a word is not the same word. */
const NEAR_SECONDS = 0.5;

/**
 * Share of the words, 0 to 1, that are said by the same person in both: names may differ, but each of one is one of the
 * other. A word with no live word at its place counts as different; 1 where nobody speaks.
 */
export function speakerAgreement(whole: readonly Word[], live: readonly Word[]): number {
  if (whole.length === 0) return 1;
  const pairs = whole.map(({ start, end, speaker }) => {
    return { speaker, live: speakerAt((start + end) / 2, live) };
  });
  const names = [...new Set(pairs.map(({ speaker }) => speaker))];
  const others = [...new Set(pairs.flatMap((pair) => pair.live ?? []))];
  const shared = names.map((name) =>
    others.map(
      (other) => -pairs.filter((pair) => pair.speaker === name && pair.live === other).length,
    ),
  );
  if (others.length === 0) return 0;
  const same = cheapestAssignment(shared).reduce((sum, { row, column }) => {
    return sum - (shared[row]?.[column] ?? 0);
  }, 0);
  return same / whole.length;
}

function speakerAt(at: number, words: readonly Word[]): string | undefined {
  let best: Word | undefined;
  let least = NEAR_SECONDS;
  for (const word of words) {
    const distance = Math.max(0, word.start - at, at - word.end);
    if (distance > least || (distance === least && best)) continue;
    least = distance;
    best = word;
  }
  return best?.speaker;
}
