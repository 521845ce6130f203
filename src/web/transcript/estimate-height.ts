import type { Block } from './blocks.js';

/** As in styles/words.css; rows are measured once they are drawn. */
const HEAD_PIXELS = 28;
const GAP_PIXELS = 20;
const LINE_PIXELS = 28;
const CHARACTER_PIXELS = 8.1;

const lengths = new WeakMap<Block, number>();

/** About how high a paragraph is on a list so wide, in pixels. */
export function estimateHeight(block: Block | undefined, widthPixels: number): number {
  if (block === undefined) return 0;
  const perLine = Math.max(10, Math.floor(widthPixels / CHARACTER_PIXELS));
  return HEAD_PIXELS + GAP_PIXELS + Math.ceil(lengthOf(block) / perLine) * LINE_PIXELS;
}

function lengthOf(block: Block): number {
  const known = lengths.get(block);
  if (known !== undefined) return known;
  const length = block.pieces.reduce((sum, { text }) => sum + text.length + 1, 0);
  lengths.set(block, length);
  return length;
}
