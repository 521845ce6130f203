/** What is known about a recording once its end was reached. */
export type DecodeTally = {
  readonly seconds: number;
  /** The container's claim about the audio stream; undefined where it makes none or cannot be believed. */
  readonly claimedSeconds: number | undefined;
  /** Packets handed to the decoder, and how many of them it refused. */
  readonly packets: number;
  readonly refusedPackets: number;
  /** Reading stopped at a damaged place instead of the end. */
  readonly endedAtDamage: boolean;
};

/** More refused packets than this share: what was decoded says little about the recording. */
const REFUSED_SHARE = 0.5;
/** A recording that was cut off is transcribed as far as it goes, unless less than this share of it is there. */
const PRESENT_SHARE = 0.05;
/** With damage inside, half of what was promised must have been decoded. */
const PRESENT_SHARE_WHEN_DAMAGED = 0.5;
/** A single refused packet at either end is ordinary (a cut in mid-frame). */
const ORDINARY_REFUSALS = 2;

/**
 * Decides whether a decoded recording may pass. Cut-off files and small faults are tolerated, as FFmpeg does: the
 * transcript then covers what is there. A file of which next to nothing could be decoded must not "succeed" with a
 * next to empty transcript. Returns the reason to refuse it, undefined if it may pass. In this order:
 * 1. no sample was decoded;
 * 2. the decoder refused more than half of the packets;
 * 3. packets were refused (more than two) or reading stopped at damage, and less than half of the claimed duration was decoded;
 * 4. less than a twentieth of the claimed duration was decoded.
 */
export function reasonToRefuse(tally: DecodeTally): string | undefined {
  const { seconds, claimedSeconds, packets, refusedPackets, endedAtDamage } = tally;
  if (seconds === 0) {
    return packets === 0 ? 'it holds no audio samples.' : 'none of its audio could be decoded.';
  }
  if (refusedPackets > ORDINARY_REFUSALS && refusedPackets > packets * REFUSED_SHARE) {
    return `${refusedPackets} of its ${packets} audio packets could not be decoded.`;
  }
  if (claimedSeconds === undefined) return undefined;
  const damaged = endedAtDamage || refusedPackets > ORDINARY_REFUSALS;
  const needed = claimedSeconds * (damaged ? PRESENT_SHARE_WHEN_DAMAGED : PRESENT_SHARE);
  if (seconds >= needed) return undefined;
  return `only ${seconds.toFixed(1)} of ${claimedSeconds.toFixed(1)} seconds could be decoded.`;
}

/** Sizes that programs write into a WAV header when they do not know the end yet: close to 2^31 or 2^32. */
const PLACEHOLDER_BYTES: readonly (readonly [from: number, to: number])[] = [
  [2 ** 31 - 2 ** 16, 2 ** 31 + 2 ** 16],
  [2 ** 32 - 2 ** 16, 2 ** 32 + 2 ** 16],
];

/** Whether a WAV header's claim is such a placeholder (recorders and pipes that could not go back to fill it in). */
export function isPlaceholderClaim(options: {
  readonly container: string;
  readonly claimedSeconds: number;
  readonly bytesPerSecond: number;
}): boolean {
  if (options.container !== 'wav') return false;
  const bytes = options.claimedSeconds * options.bytesPerSecond;
  return PLACEHOLDER_BYTES.some(([from, to]) => bytes >= from && bytes <= to);
}
