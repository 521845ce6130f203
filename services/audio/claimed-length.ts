/** No speech codec in use needs fewer bits each second than this. */
const LEAST_BITS_PER_SECOND = 600;

/**
 * Whether a container's claim alone is enough to refuse a recording as too long, before hours are spent on its
 * beginning. The claim must be possible for a file of this size: a broken header may claim anything, and what was
 * decoded decides then.
 */
export function claimIsTooLong(options: {
  readonly claimedSeconds: number | undefined;
  readonly fileBytes: number;
  readonly maxAudioSeconds: number;
}): boolean {
  const { claimedSeconds, fileBytes, maxAudioSeconds } = options;
  if (claimedSeconds === undefined || claimedSeconds <= maxAudioSeconds + 1) return false;
  return claimedSeconds <= longestSeconds(fileBytes);
}

/** How long a recording in a file of this size can be at most. */
export function longestSeconds(fileBytes: number): number {
  return (fileBytes * 8) / LEAST_BITS_PER_SECOND;
}
