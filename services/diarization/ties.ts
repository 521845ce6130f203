import { clipStretches, coActivity } from './stretches.js';
import type { BlockAnalysis, LocalRun, Piece, Stretch } from './types.js';
import { HOP_SECONDS, SLOTS, WINDOW_SECONDS } from './windows.js';

/** Bonus to the similarity of two pieces of one slot: segmentation heard one voice. */
const SAME_SLOT = 0.1;
/** The same for two slots of one window: segmentation heard two voices. */
const OTHER_SLOT = -0.3;
/**
 * The same for slots of neighbouring windows, or tracks of neighbouring chunks, at full agreement of their activity in
 * the audio that both share; the opposite at none.
 */
export const SAME_ACTIVITY = 0.3;

/** A bonus to the similarity of pieces `one` and `other`. */
export type PieceTie = { readonly one: number; readonly other: number; readonly bonus: number };

/** What segmentation says about pairs of pieces, each pair once. */
export function tiesOfPieces(
  { runs, pieces }: Pick<BlockAnalysis, 'runs' | 'pieces'>,
  chunkStart: number,
): PieceTie[] {
  const slots = groupBy(pieces.map((piece, index) => ({ ...piece, index })));
  const activity = groupBy(runs);
  const ties: PieceTie[] = [];
  const tie = (ones: readonly Indexed[], others: readonly Indexed[], bonus: number) => {
    for (const { index: one } of ones) {
      for (const { index: other } of others) {
        if (one !== other)
          ties.push({ one: Math.min(one, other), other: Math.max(one, other), bonus });
      }
    }
  };
  for (const [key, here] of slots) {
    const window = Math.floor(key / SLOTS);
    const slot = key % SLOTS;
    here.forEach((piece, at) => {
      tie([piece], here.slice(at + 1), SAME_SLOT);
    });
    for (let other = slot + 1; other < SLOTS; other++) {
      tie(here, slots.get(keyOf({ window, slot: other })) ?? [], OTHER_SLOT);
    }
    const shared = {
      from: chunkStart + (window + 1) * HOP_SECONDS,
      to: chunkStart + window * HOP_SECONDS + WINDOW_SECONDS,
    };
    for (let next = 0; next < SLOTS; next++) {
      const nextKey = keyOf({ window: window + 1, slot: next });
      const there = slots.get(nextKey);
      if (!there) continue;
      const agreement = coActivity(
        clipStretches(activity.get(key) ?? [], shared),
        clipStretches(activity.get(nextKey) ?? [], shared),
      );
      if (agreement !== undefined) tie(here, there, SAME_ACTIVITY * (2 * agreement - 1));
    }
  }
  return ties;
}

type Indexed = Piece & { readonly index: number };

/** A window and a slot as one number. */
export function keyOf({ window, slot }: Pick<LocalRun, 'window' | 'slot'>): number {
  return window * SLOTS + slot;
}

/** Items by window and slot, in the order in which they come. */
export function groupBy<Item extends Pick<LocalRun, 'window' | 'slot'> & Stretch>(
  items: readonly Item[],
): Map<number, Item[]> {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
