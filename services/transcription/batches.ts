/**
 * Padded audio of one batch at most. A longer one reads weights less often, but keeps other recordings waiting for longer,
 * and what is remembered of its sound no longer fits into the processor's cache (docs/decisions/fused-decoder.md).
 */
const MAX_PADDED_SECONDS = 45;

/**
 * Groups pieces of about the same length: little padding, and the same groups for the same pieces. Longest first, so
 * that hosts working side by side end at about the same time.
 *
 * @param pieces With `start` and `end` in seconds.
 * @param maxPieces Pieces in a batch at most.
 */
export function batchesByLength<Piece extends { readonly start: number; readonly end: number }>(
  pieces: readonly Piece[],
  maxPieces: number,
): Piece[][] {
  const sorted = [...pieces].sort(
    (one, other) => other.end - other.start - (one.end - one.start) || one.start - other.start,
  );
  const batches: Piece[][] = [];
  while (sorted.length > 0) {
    const [longest] = sorted;
    const seconds = longest ? longest.end - longest.start : 0;
    const fitting = Math.floor(MAX_PADDED_SECONDS / seconds);
    batches.push(sorted.splice(0, Math.max(1, Math.min(maxPieces, fitting))));
  }
  return batches;
}
