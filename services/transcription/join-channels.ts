import type { Segment, Transcript } from '#utils/transcript/types.js';
import { ChannelOrder } from './split-channels-order.js';
import { turnsOf } from './split-channels-turns.js';
import type { ChannelsRequest } from './types.js';

const DEFAULT_NAMES = ['Left', 'Right'] as const;

/** Names of the left and the right channel. */
export function channelNames({
  names = DEFAULT_NAMES,
}: ChannelsRequest): readonly [string, string] {
  return names;
}

/** A segment of a channel with its speaker. */
export function labelled(
  segment: Segment,
  { id, speaker }: { id: number; speaker: string },
): Segment {
  const words = segment.words.map((word) => ({ ...word, speaker }));
  return { ...segment, id, words, speaker };
}

/** The transcripts of the left and the right channel as one. */
export function joinChannels(
  channels: readonly [Transcript, Transcript],
  request: ChannelsRequest,
): Transcript {
  const order = new ChannelOrder();
  for (const channel of [0, 1] as const) {
    for (const segment of channels[channel].segments) order.add(channel, segment);
    order.advance(channel, Number.POSITIVE_INFINITY);
  }
  const names = channelNames(request);
  const segments = [...order.take()].map(({ channel, segment }, id) =>
    labelled(segment, { id, speaker: names[channel] }),
  );
  return transcriptOfChannels(channels, segments);
}

/** @param segments Of both channels in one order, with their speakers. */
export function transcriptOfChannels(
  channels: readonly Transcript[],
  segments: readonly Segment[],
): Transcript {
  // The language is that of the channel on which more is said.
  const ordered = channels.toSorted((one, other) => other.text.length - one.text.length);
  return {
    language: ordered[0]?.language ?? '',
    languages: [...new Set(ordered.flatMap(({ languages }) => languages))],
    duration: Math.max(...channels.map(({ duration }) => duration)),
    text: segments.map(({ text }) => text).join(' '),
    segments,
    ...turnsOf(segments),
  };
}
