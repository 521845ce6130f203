import type { Frame } from 'node-av/lib';
import { containersWithTimestamps } from './containers.js';
import { holeIsCredible } from './credible-hole.js';
import type { Decoding } from './decode-loop.js';
import { Timeline } from './timeline.js';

/** The clock of a recording; undefined where its container has none. */
export function recordingTimeline(
  decoding: Pick<Decoding, 'source' | 'stream' | 'maxAudioSeconds'>,
): Timeline<Frame> | undefined {
  const { source, stream, maxAudioSeconds } = decoding;
  const { container, fileBytes } = source;
  if (!containersWithTimestamps.has(container)) return undefined;
  const { expectedSeconds, hintSeconds } = stream.claim;
  const claimedSeconds = expectedSeconds ?? hintSeconds;
  const limits = { container, fileBytes, claimedSeconds, maxAudioSeconds };
  return new Timeline({
    // FLAC counts its samples from zero; elsewhere a recording may begin at any time.
    startSeconds: container === 'flac' ? 0 : undefined,
    isCredible: (hole) => holeIsCredible(hole, limits),
  });
}
