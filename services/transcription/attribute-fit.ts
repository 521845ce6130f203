import type { IdentifiedTurn } from '#services/diarization/types.js';

/** A word this far, in seconds, from a speaker's nearest turn fits that speaker half as badly as it ever can. */
const REACH_SECONDS = 0.5;
/**
 * Decides where two turns hold a word and nothing else does: it fits the one that is in its second half a little worse.
 * Where turns overlap as one speaker takes over, the recogniser tends to write down the one who begins.
 */
const SECOND_HALF = 0.05;

/**
 * How badly a moment fits a speaker: 0 inside the speaker's turns, rising towards 1 with the distance from the nearest
 * one (seconds). It never stops rising: of two far turns the nearer fits better. Infinity for a speaker without turns.
 */
export type MisfitOf = (at: number, speaker: number) => number;

/** `turns` are ordered by start, and those of one speaker do not overlap. */
export function misfitWith(turns: readonly IdentifiedTurn[]): MisfitOf {
  const turnsOf = new Map<number, IdentifiedTurn[]>();
  for (const turn of turns) {
    const own = turnsOf.get(turn.speaker);
    if (own) own.push(turn);
    else turnsOf.set(turn.speaker, [turn]);
  }
  return (at, speaker) => {
    const own = turnsOf.get(speaker) ?? [];
    const after = firstStartingAfter(own, at);
    // The turns of one speaker are apart: only the ones on both sides of the moment matter.
    return Math.min(misfit(own[after - 1], at), misfit(own[after], at));
  };
}

function misfit(turn: IdentifiedTurn | undefined, at: number): number {
  if (!turn) return Number.POSITIVE_INFINITY;
  const distance = Math.max(turn.start - at, at - turn.end);
  if (distance > 0) return distance / (distance + REACH_SECONDS);
  return at - turn.start > turn.end - at ? SECOND_HALF : 0;
}

/** Index of the first turn that begins after the moment; the number of turns where none does. */
function firstStartingAfter(turns: readonly IdentifiedTurn[], at: number): number {
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((turns[middle] as IdentifiedTurn).start <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
