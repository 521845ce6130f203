import type { AudioDecoder, Channel } from '#services/audio/types.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';
import { channelNames, labelled, transcriptOfChannels } from './join-channels.js';
import { type ChannelIndex, ChannelOrder } from './split-channels-order.js';
import { transcribeRecording } from './transcribe-recording.js';
import type { PipelineDeps, PipelineEvent, TranscribeRequest } from './types.js';

const CHANNELS: readonly Channel[] = ['left', 'right'];

type Step = {
  readonly channel: ChannelIndex;
  readonly result: IteratorResult<PipelineEvent, void>;
};
type Run = {
  readonly events: AsyncGenerator<PipelineEvent, void, void>;
  /** The event that is being waited for; undefined once the channel is done. */
  next: Promise<Step> | undefined;
  transcript?: Transcript;
};

/**
 * Transcribes a stereo recording with one speaker on each channel, as telephone systems record calls. Both channels go
 * through the one pipeline side by side, each alone; no speaker models are needed. Segments come in order of time as
 * soon as both channels are that far, progress is that of the slower one. A channel on which nothing is said gives no
 * speaker.
 *
 * What is said on one channel and faintly heard on the other too (bleed, as between two microphones in a room) may be
 * transcribed twice: such recordings are for speaker labels by voice.
 *
 * @throws WhosaidError as the pipeline does, and `channels_not_stereo` for what does not have two channels.
 */
export async function* transcribeChannels(
  { channels = {}, signal: outer, speakers: _, chunks, ...request }: TranscribeRequest,
  deps: PipelineDeps,
): AsyncGenerator<PipelineEvent, void, void> {
  const names = channelNames(channels);
  const stop = new AbortController();
  const signal = outer ? AbortSignal.any([outer, stop.signal]) : stop.signal;
  const order = new ChannelOrder();
  const segments: Segment[] = [];
  let totalSeconds: number | undefined;
  const runs = CHANNELS.map((channel, index) => {
    const decoder = onlyChannel(deps.decoder, channel);
    const done = chunks?.done.filter((chunk) => chunk.channel === index);
    const own = { ...request, signal, ...(done && { chunks: { done } }) };
    const events = transcribeRecording(own, { ...deps, decoder });
    return { events, next: step(events, index as ChannelIndex) } as Run;
  });

  try {
    for (;;) {
      const waiting = runs.flatMap(({ next }) => next ?? []);
      if (waiting.length === 0) break;
      const { channel, result } = await Promise.race(waiting);
      const run = runs[channel] as Run;
      run.next = result.done ? undefined : step(run.events, channel);
      if (result.done) continue;
      const event = result.value;
      if (event.type === 'chunk') yield { type: 'chunk', chunk: { ...event.chunk, channel } };
      if (event.type === 'segment') order.add(channel, event.segment);
      if (event.type === 'progress') {
        totalSeconds = event.totalSeconds ?? totalSeconds;
        order.advance(channel, event.audioSeconds);
      }
      if (event.type === 'done') {
        run.transcript = event.transcript;
        order.advance(channel, Number.POSITIVE_INFINITY);
      }
      for (const next of order.take()) {
        const segment = labelled(next.segment, {
          id: segments.length,
          speaker: names[next.channel],
        });
        segments.push(segment);
        yield { type: 'segment', segment };
      }
      if (event.type === 'progress') {
        yield { type: 'progress', audioSeconds: order.known, totalSeconds };
      }
    }
    const transcripts = runs.flatMap(({ transcript }) => transcript ?? []);
    yield { type: 'done', transcript: transcriptOfChannels(transcripts, segments) };
  } finally {
    stop.abort();
    // The file may be deleted once this generator has ended: wait until nobody uses it.
    await Promise.allSettled(runs.map(({ next }) => next));
    await Promise.allSettled(runs.map(({ events }) => events.return()));
  }
}

function step(events: Run['events'], channel: ChannelIndex): Promise<Step> {
  const next = events.next().then((result) => ({ channel, result }));
  // While the consumer takes its time nobody waits for it; a failure is seen when its turn comes.
  next.catch(() => {});
  return next;
}

function onlyChannel(decoder: AudioDecoder, channel: Channel): AudioDecoder {
  return {
    decode: (path, options) => decoder.decode(path, { ...options, channel }),
    state: () => decoder.state(),
    dispose: () => decoder.dispose(),
  };
}
