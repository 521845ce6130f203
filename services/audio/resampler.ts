import type { FilterContext } from 'node-av/lib';
import { avChannelLayoutDescribe, avGetSampleFmtName, FilterGraph, Frame } from 'node-av/lib';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { BYTES_PER_SAMPLE, SAMPLE_RATE } from './pcm.js';
import type { Channel } from './types.js';

/** FFmpeg's order "unspecified": channels without a known place, such as a ten-microphone recording. */
const UNPLACED_CHANNELS = 0;

/** Of recordings in samples a second: the oldest sound cards' rate. */
const LOWEST_USUAL_RATE = 4000;

/**
 * Turns decoded frames of any rate, format and channel count into 16 kHz mono 16-bit PCM. A stream may change its
 * format on the way (chained ogg, HE-AAC, broadcast recordings): the filter is then flushed and rebuilt.
 * The channels are mixed, unless one of two is chosen.
 */
export class Resampler {
  #graph: FilterGraph | undefined;
  #input: FilterContext | undefined;
  #output: FilterContext | undefined;
  #shape = '';
  readonly #channel: Channel | undefined;
  readonly #frame = new Frame();

  constructor(channel?: Channel) {
    this.#channel = channel;
    this.#frame.alloc();
  }

  /** Yields PCM bytes that are valid until the next step only. Throws Error if FFmpeg cannot convert the format, `channels_not_stereo` if there is no such channel. */
  *push(frame: Frame): Generator<Buffer> {
    const shape = shapeOf(frame);
    if (shape !== this.#shape) {
      yield* this.flush();
      this.#build(frame);
      this.#shape = shape;
    }
    if ((this.#input?.buffersrcAddFrameSync(frame) ?? -1) < 0)
      throw new Error('the filter refused a frame');
    yield* this.#drain();
  }

  /** Yields what the resampler still holds back. */
  *flush(): Generator<Buffer> {
    if (this.#input === undefined) return;
    this.#input.buffersrcAddFrameSync(null);
    yield* this.#drain();
    this.#free();
  }

  dispose(): void {
    this.#free();
    this.#frame.free();
  }

  *#drain(): Generator<Buffer> {
    while ((this.#output?.buffersinkGetFrameSync(this.#frame) ?? -1) >= 0) {
      const plane = this.#frame.data?.[0];
      if (plane !== undefined) yield plane.subarray(0, this.#frame.nbSamples * BYTES_PER_SAMPLE);
      this.#frame.unref();
    }
  }

  #build(frame: Frame): void {
    const graph = new FilterGraph();
    graph.alloc();
    graph.nbThreads = 1;
    this.#graph = graph;
    const steps = [
      ...cutAtLowRates(frame),
      ...(this.#channel ? [only(this.#channel, frame)] : mixOfUnplaced(frame)),
      `aresample=${SAMPLE_RATE}`,
      'aformat=sample_fmts=s16:channel_layouts=mono',
    ];
    const description = `abuffer@in=${sourceArguments(frame)},${steps.join(',')},abuffersink@out`;
    const built = graph.parsePtr(description) >= 0 && graph.configSync() >= 0;
    this.#input = graph.getFilter('abuffer@in') ?? undefined;
    this.#output = graph.getFilter('abuffersink@out') ?? undefined;
    if (!built || this.#input === undefined || this.#output === undefined) {
      this.#free();
      throw new Error('the audio format cannot be converted');
    }
  }

  #free(): void {
    this.#graph?.free();
    this.#graph = undefined;
    this.#input = undefined;
    this.#output = undefined;
    this.#shape = '';
  }
}

/** Asked of every frame, so it is kept cheap. */
function shapeOf(frame: Frame): string {
  const { nbChannels, order, mask } = frame.channelLayout;
  return `${frame.format} ${frame.sampleRate} ${order} ${nbChannels} ${mask}`;
}

function sourceArguments(frame: Frame): string {
  const format = avGetSampleFmtName(frame.format as Parameters<typeof avGetSampleFmtName>[0]);
  const layout = avChannelLayoutDescribe(frame.channelLayout);
  return `time_base=1/${frame.sampleRate}:sample_rate=${frame.sampleRate}:sample_fmt=${format}:channel_layout='${layout}'`;
}

/**
 * A frame can hold 65,535 samples. At one sample a second, which a header may claim, that is 18 hours, and two gigabytes
 * at our rate: cut to a second each, they come out one by one.
 */
function cutAtLowRates({ sampleRate }: Frame): string[] {
  return sampleRate < LOWEST_USUAL_RATE ? [`asetnsamples=n=${sampleRate}:p=0`] : [];
}

/** Takes the samples of one channel as they are: nothing of the other reaches it. */
function only(channel: Channel, frame: Frame): string {
  if (frame.channels !== 2) throw notStereo(frame);
  return `pan='mono|c0=${channel === 'left' ? 'c0' : 'c1'}'`;
}

function notStereo({ channels }: Frame): WhosaidError {
  const received = channels === 1 ? 'one' : String(channels);
  return new WhosaidError('channels_not_stereo', { received });
}

/** Channels with a place are mixed as FFmpeg does it; for others it knows no way. */
function mixOfUnplaced({ channelLayout, channels }: Frame): string[] {
  if (channelLayout.order !== UNPLACED_CHANNELS) return [];
  const share = (1 / channels).toFixed(6);
  return [
    `pan='mono|c0=${Array.from({ length: channels }, (_, i) => `${share}*c${i}`).join('+')}'`,
  ];
}
