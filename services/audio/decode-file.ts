import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { openAudioStream } from './audio-stream.js';
import { reasonToRefuse } from './damage.js';
import { DecodeLoop, type Decoding } from './decode-loop.js';
import type { DecodeStep } from './decode-step.js';
import { openMediaSource } from './media-source.js';
import { MINIMUM_SECONDS } from './pcm.js';
import type { Channel } from './types.js';

export type DecodeFileOptions = {
  /** That side of a stereo recording; absent: all channels are mixed. */
  readonly channel?: Channel;
  /** Holes are not filled up beyond this length. Default: as long as the other limits allow. */
  readonly maxAudioSeconds?: number;
};

/**
 * Decodes one file step by step with FFmpeg's synchronous API. Native memory is freed when the generator ends, early
 * or not. Where the container's timestamps show that audio is missing, there is silence in its place.
 * Throws WhosaidError `audio_not_opened`, `audio_unreadable`, `audio_no_stream`, `audio_corrupt`, `audio_too_short`,
 * and `channels_not_stereo` for a channel of what does not have two.
 */
export function* decodeFile(
  path: string,
  { channel, maxAudioSeconds = Number.POSITIVE_INFINITY }: DecodeFileOptions = {},
): Generator<DecodeStep, void> {
  const source = openMediaSource(path);
  try {
    const stream = openAudioStream(source);
    try {
      yield* decodeStream({ source, stream, channel, maxAudioSeconds });
    } finally {
      stream.close();
    }
  } finally {
    source.close();
  }
}

function* decodeStream(decoding: Decoding): Generator<DecodeStep, void> {
  const { container } = decoding.source;
  const { codec, claim } = decoding.stream;
  yield { type: 'opened', claimedSeconds: claim.hintSeconds, container, codec };
  const loop = new DecodeLoop(decoding);
  try {
    yield* loop.steps();
    checkDecoded(loop, claim.expectedSeconds);
    const rest = loop.output.rest();
    if (rest.length > 0) yield { type: 'pcm', bytes: rest };
    yield { type: 'done', seconds: loop.output.seconds };
  } finally {
    loop.dispose();
  }
}

/** Silence in the place of missing audio is none of it: a file of nothing but holes must not succeed. */
function checkDecoded(loop: DecodeLoop, expectedSeconds: number | undefined): void {
  const seconds = loop.output.decodedSeconds;
  const reason = reasonToRefuse({ ...loop.tally, seconds, expectedSeconds });
  if (reason !== undefined) throw new WhosaidError('audio_corrupt', { reason });
  if (seconds < MINIMUM_SECONDS) {
    throw new WhosaidError('audio_too_short', {
      seconds: seconds.toFixed(3),
      minimum: MINIMUM_SECONDS,
    });
  }
}
