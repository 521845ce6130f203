import { WhosaidError } from '#utils/errors/whosaid-error.js';

/** What is known about a recording once its end was reached. */
export type DecodeTally = {
  /** What was decoded; silence in the place of what could not be is left out. */
  readonly seconds: number;
  /** What the audio stream must last if the file is whole; undefined where nothing reliable says so. */
  readonly expectedSeconds: number | undefined;
  /** Packets handed to the decoder, and how many of them it refused. */
  readonly packets: number;
  readonly refusedPackets: number;
  /** The container has damaged places that had to be skipped, or after which nothing could be read. */
  readonly hasDamage: boolean;
  /** How much of the file from the first packet on was found to be audio; undefined where other things lie between. */
  readonly foundShare: number | undefined;
};

/** More refused packets than this share: what was decoded says little about the recording. */
const REFUSED_SHARE = 0.5;
/** A recording that was cut off is transcribed as far as it goes, unless less than this share of it is there. */
const PRESENT_SHARE = 0.05;
/** With damage inside, half of what was promised must have been decoded. */
const PRESENT_SHARE_WHEN_DAMAGED = 0.5;
/** In a file that is nothing but packets, less than this share found means that most were damaged and skipped. */
const FOUND_SHARE = 0.2;
/** A single refused packet at either end is ordinary (a cut in mid-frame). */
export const ORDINARY_REFUSALS = 2;

/**
 * Decides whether a decoded recording may pass. Cut-off files and small faults are tolerated, as FFmpeg does: the
 * transcript then covers what is there. A file of which next to nothing could be decoded must not "succeed" with a
 * next to empty transcript. Returns the reason to refuse it, undefined if it may pass. In this order:
 * 1. no sample was decoded;
 * 2. the decoder refused more than half of the packets;
 * 3. packets were refused (more than two) or the container is damaged, and less than half of the expected duration was decoded;
 * 4. less than a twentieth of the expected duration was decoded;
 * 5. in a file that is nothing but audio packets, packets were found in less than a fifth of it.
 */
export function reasonToRefuse(tally: DecodeTally): string | undefined {
  const { seconds, expectedSeconds, packets, refusedPackets, hasDamage, foundShare } = tally;
  if (seconds === 0) {
    return packets === 0 ? 'it holds no audio samples.' : 'none of its audio could be decoded.';
  }
  if (refusedPackets > ORDINARY_REFUSALS && refusedPackets > packets * REFUSED_SHARE) {
    return `${refusedPackets} of its ${packets} audio packets could not be decoded.`;
  }
  const damaged = hasDamage || refusedPackets > ORDINARY_REFUSALS;
  const needed = (expectedSeconds ?? 0) * (damaged ? PRESENT_SHARE_WHEN_DAMAGED : PRESENT_SHARE);
  if (seconds < needed) {
    return `only ${seconds.toFixed(1)} of ${expectedSeconds?.toFixed(1)} seconds could be decoded.`;
  }
  if (foundShare !== undefined && foundShare < FOUND_SHARE) {
    return `audio was found in only ${Math.round(foundShare * 100)} % of it (${seconds.toFixed(1)} seconds).`;
  }
  return undefined;
}

/** For a file that makes its decoder take more memory than a recording needs. */
export function tooMuchMemory(limitBytes: number): WhosaidError {
  const reason = `decoding it takes more than ${Math.round(limitBytes / 2 ** 20)} MB of memory.`;
  return new WhosaidError('audio_corrupt', { reason });
}
