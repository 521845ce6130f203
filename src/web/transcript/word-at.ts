import type { Piece } from './pieces.js';

/** After a word has ended it is still shown as the current one for so long, in seconds: pauses are short. */
const LINGER_SECONDS = 1.5;

/** Finds the word that is spoken at a time. */
export type WordClock = {
  /** Index of the word, or -1 where nobody speaks. */
  at(seconds: number): number;
};

/** Words of people who speak at once are not in order of time, so they are put in order first. */
export function wordClock(pieces: readonly Pick<Piece, 'start' | 'end'>[]): WordClock {
  const order = new Uint32Array(pieces.length);
  for (let index = 0; index < order.length; index += 1) order[index] = index;
  const startOf = (index: number) => pieces[index]?.start ?? 0;
  const isOrdered = pieces.every(({ start }, index) => index === 0 || startOf(index - 1) <= start);
  if (!isOrdered) order.sort((one, other) => startOf(one) - startOf(other) || one - other);
  return {
    at(seconds) {
      let [low, high] = [-1, order.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (startOf(order[middle] ?? 0) <= seconds) low = middle;
        else high = middle - 1;
      }
      const word = order[low];
      if (word === undefined) return -1;
      return seconds <= (pieces[word]?.end ?? 0) + LINGER_SECONDS ? word : -1;
    },
  };
}
