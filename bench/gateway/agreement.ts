import type { Transcript } from '#utils/transcript/types.js';

/**
 * Share of the words, 0 to 1, whose speaker has the same name in both transcripts of one recording. A word that only
 * one of them has at its place counts as different; 1 where nobody speaks.
 */
export function labelAgreement({ whole, live }: { whole: Transcript; live: Transcript }): number {
  const [expected, found] = [wordLabels(whole), wordLabels(live)];
  const all = new Set([...expected.keys(), ...found.keys()]);
  if (all.size === 0) return 1;
  const same = [...all].filter((key) => expected.has(key) && expected.get(key) === found.get(key));
  return same.length / all.size;
}

/** Words by what they are and when they begin. */
function wordLabels({ segments }: Transcript): Map<string, string | undefined> {
  const words = segments.flatMap((segment) => segment.words);
  return new Map(words.map(({ text, start, speaker }) => [`${start.toFixed(3)} ${text}`, speaker]));
}
