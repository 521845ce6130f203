import { longestSeconds } from './claimed-length.js';
import { broadcastContainers } from './containers.js';
import type { Hole } from './timeline.js';

export type HoleLimits = {
  readonly container: string;
  readonly fileBytes: number;
  /** What the container says of its length; undefined where it says nothing. */
  readonly claimedSeconds: number | undefined;
  readonly maxAudioSeconds: number;
};

/** Claims are rounded, and count the silence that encoders put in front. */
const CLAIM_SLACK_SECONDS = 1;
/** FFmpeg's own limit: where clocks can jump, more than this is taken for a jump. */
const SHORT_HOLE_SECONDS = 10;
/** Bit rates vary: the bytes in a hole may have held this many times what as many bytes before it held. */
const ROOM_FACTOR = 4;

/**
 * Whether time that is missing by the timestamps may be filled with silence; it is filled whole or not at all. A file
 * can state any timestamp, so never beyond `maxAudioSeconds`, nor beyond what a file of this size can hold, nor beyond
 * the container's own claim. Where that is missing, or comes from the same timestamps (broadcasts), one of these:
 * 1. the bytes that were skipped are as many as the hole would need;
 * 2. all silence together is no longer than what was decoded (and ten seconds); in a broadcast, only short holes.
 */
export function holeIsCredible(hole: Hole, limits: HoleLimits): boolean {
  const { container, fileBytes, claimedSeconds, maxAudioSeconds } = limits;
  if (hole.endSeconds > Math.min(maxAudioSeconds, longestSeconds(fileBytes))) return false;
  const isBroadcast = broadcastContainers.has(container);
  if (!isBroadcast && claimedSeconds !== undefined) {
    return hole.endSeconds <= claimedSeconds + CLAIM_SLACK_SECONDS;
  }
  if (hole.seconds <= roomSeconds(hole) * ROOM_FACTOR) return true;
  if (isBroadcast && hole.seconds > SHORT_HOLE_SECONDS) return false;
  return hole.filledSeconds + hole.seconds <= hole.decodedSeconds + SHORT_HOLE_SECONDS;
}

/** How long the bytes between the audio before and after a hole would last at the rate so far. */
function roomSeconds({ fromByte, toByte, decodedSeconds }: Hole): number {
  if (fromByte <= 0 || toByte < fromByte) return 0;
  return ((toByte - fromByte) * decodedSeconds) / fromByte;
}
