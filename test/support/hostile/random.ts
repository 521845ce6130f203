/** Numbers that look random and are the same in every run: a file that does harm can be made again. */
export type Random = {
  /** From 0 to `below` - 1. */
  integer(below: number): number;
  bytes(count: number): Buffer;
};

/** Mulberry32: 32 bits of state are plenty for spoiling files. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const integer = (below: number): number => Math.floor((next() / 2 ** 32) * below);
  return {
    integer,
    bytes(count) {
      const words = Uint32Array.from({ length: Math.ceil(count / 4) }, next);
      return Buffer.from(words.buffer, 0, count);
    },
  };
}
