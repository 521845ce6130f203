import type { SpeakerTurn } from '#utils/transcript/types.js';
import type { SpokenWord } from './protocol.js';

/**
 * Gives each word the speaker whose turns it overlaps longest; where it overlaps none, that of the nearest turn. What
 * Python programs usually do with the words of one library and the turns of another.
 */
export function assignSpeakers(
  words: readonly SpokenWord[],
  turns: readonly SpeakerTurn[],
): SpokenWord[] {
  return words.map((word) => {
    const speaker = longestOverlap(word, turns) ?? nearest(word, turns);
    return { ...word, ...(speaker !== undefined && { speaker }) };
  });
}

function longestOverlap(word: SpokenWord, turns: readonly SpeakerTurn[]): string | undefined {
  const seconds = new Map<string, number>();
  for (const { start, end, speaker } of turns) {
    const together = Math.min(word.end, end) - Math.max(word.start, start);
    if (together > 0) seconds.set(speaker, (seconds.get(speaker) ?? 0) + together);
  }
  return [...seconds].sort(([, one], [, other]) => other - one)[0]?.[0];
}

function nearest(word: SpokenWord, turns: readonly SpeakerTurn[]): string | undefined {
  let best: { speaker: string; distance: number } | undefined;
  for (const { start, end, speaker } of turns) {
    const distance = Math.max(start - word.end, word.start - end);
    if (best === undefined || distance < best.distance) best = { speaker, distance };
  }
  return best?.speaker;
}
