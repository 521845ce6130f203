import { AV_NOPTS_VALUE } from 'node-av/constants';
import type { Stream } from 'node-av/lib';
import { containersWithoutDuration } from './containers.js';
import type { MediaSource } from './media-source.js';
import { readWavClaim } from './wav-header.js';

export type ClaimedDuration = {
  /** What the container says, if it says anything: a hint for progress. */
  readonly hintSeconds: number | undefined;
  /** What this very audio stream must last if the file is whole; undefined where nothing reliable says so. */
  readonly expectedSeconds: number | undefined;
};

/** Reads how long the chosen audio stream claims to be. `audioOnly` is whether the file holds nothing else. */
export function claimedDuration(options: {
  readonly source: MediaSource;
  readonly stream: Stream;
  readonly audioOnly: boolean;
}): ClaimedDuration {
  const { source, stream, audioOnly } = options;
  const none = { hintSeconds: undefined, expectedSeconds: undefined };
  if (containersWithoutDuration.has(source.container)) return none;
  const ofStream = stream.duration === AV_NOPTS_VALUE ? 0 : toSeconds(stream);
  const ofFile =
    source.format.duration === AV_NOPTS_VALUE ? 0 : Number(source.format.duration) / 1e6;
  const hint = positive(ofStream) ?? positive(ofFile);
  // A video may go on after its audio has ended; mp4 keeps an index of each track, Matroska often a tag.
  const ofThisStream = audioOnly || source.container === 'mov' ? hint : undefined;
  return {
    hintSeconds: hint,
    expectedSeconds: taggedSeconds(stream) ?? wavSeconds(source) ?? ofThisStream,
  };
}

function toSeconds(stream: Stream): number {
  const { num, den } = stream.timeBase;
  return (Number(stream.duration) * num) / den;
}

function positive(seconds: number): number | undefined {
  return seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
}

/** Matroska's statistics tag, such as `00:54:30.970000000`. */
function taggedSeconds(stream: Stream): number | undefined {
  const [, hours, minutes, seconds] =
    /^(\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(stream.metadata?.get('DURATION') ?? '') ?? [];
  if (hours === undefined) return undefined;
  return positive(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

function wavSeconds(source: MediaSource): number | undefined {
  const claim = source.container === 'wav' ? readWavClaim(source.head) : undefined;
  return claim ? positive(claim.dataBytes / claim.bytesPerSecond) : undefined;
}
