/** Gives a whole number from 0 up to, but not, `below`. */
export type Random = (below: number) => number;

/** The same numbers each time, as if by chance. */
export function sequence(): Random {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}
