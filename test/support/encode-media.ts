import { Encoder, FilterAPI, Muxer } from 'node-av/api';
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_LOG_QUIET,
  AV_PIX_FMT_YUV420P,
  AV_SAMPLE_FMT_S16,
} from 'node-av/constants';
import { Frame, Log } from 'node-av/lib';

export type MediaRecipe = {
  /** FFmpeg's muxer, such as `mp4`. */
  readonly format: string;
  readonly formatOptions?: Readonly<Record<string, string>>;
  /** FFmpeg's audio encoder; none makes a file without an audio stream. */
  readonly audio?: {
    readonly codec: string;
    /** The sample format that encoder wants. */
    readonly sampleFormat: string;
    readonly sampleRate: number;
    readonly channels: 1 | 2;
    readonly bitRate?: number;
    /** Samples in each frame handed to the encoder, where it must be told. */
    readonly frameSamples?: number;
  };
  /** A tiny moving picture as long as the audio. */
  readonly videoCodec?: string;
};

const SOURCE_RATE = 16_000;
const FRAME_SAMPLES = 1024;
/** FFmpeg's bits: front centre, front left with front right. */
const MONO = { nbChannels: 1, mask: 4n };
const STEREO = { nbChannels: 2, mask: 3n };
const VIDEO = { width: 64, height: 48, framesPerSecond: 5 };

/** Samples of two channels, equally long. */
export type StereoSamples = { readonly left: Int16Array; readonly right: Int16Array };

/**
 * Encodes 16 kHz samples with FFmpeg into a real media file: mono samples, which stereo recipes put on both sides, or
 * those of two channels. Throws if an encoder is missing.
 */
export function encodeMedia(
  path: string,
  source: Int16Array | StereoSamples,
  recipe: MediaRecipe,
): void {
  Log.setLevel(AV_LOG_QUIET);
  const { format, formatOptions = {}, audio, videoCodec } = recipe;
  const samples = source instanceof Int16Array ? source : source.left;
  // The same samples make the same bytes: no random serial numbers.
  const options = { fflags: '+bitexact', ...formatOptions };
  const muxer = Muxer.openSync(path, { format, options });
  const seconds = samples.length / SOURCE_RATE;
  const video = videoCodec
    ? Encoder.createSync(videoCodec as never, { bitrate: 50_000, threadCount: 1 } as never)
    : undefined;
  const sound = audio
    ? Encoder.createSync(
        audio.codec as never,
        { bitrate: audio.bitRate ?? 64_000, threadCount: 1 } as never,
      )
    : undefined;
  const videoIndex = video ? muxer.addStream(video) : -1;
  const soundIndex = sound ? muxer.addStream(sound) : -1;
  if (video) writePackets(muxer, video.packetsSync(pictures(seconds)), videoIndex);
  if (sound && audio) writePackets(muxer, sound.packetsSync(converted(source, audio)), soundIndex);
  muxer.closeSync();
  video?.close();
  sound?.close();
}

type Packets = ReturnType<Encoder['packetsSync']>;

function writePackets(muxer: Muxer, packets: Packets, index: number): void {
  for (const packet of packets) {
    muxer.writePacketSync(packet, index);
    packet?.free();
  }
}

function* converted(samples: Int16Array | StereoSamples, audio: NonNullable<MediaRecipe['audio']>) {
  const layout = audio.channels === 1 ? 'mono' : 'stereo';
  const filter = FilterAPI.create(
    `aresample=${audio.sampleRate},aformat=sample_fmts=${audio.sampleFormat}:channel_layouts=${layout}` +
      (audio.frameSamples ? `,asetnsamples=n=${audio.frameSamples}:p=0` : ''),
  );
  yield* filter.framesSync(soundFrames(samples));
  filter.close();
}

function* soundFrames(source: Int16Array | StereoSamples): Generator<Frame | null> {
  const channels = source instanceof Int16Array ? [source] : [source.left, source.right];
  const length = channels[0]?.length ?? 0;
  const layout = channels.length === 1 ? MONO : STEREO;
  for (let at = 0; at < length; at += FRAME_SAMPLES) {
    const pieces = channels.map((samples) => samples.subarray(at, at + FRAME_SAMPLES));
    const interleaved = interleave(pieces);
    yield Frame.fromAudioBuffer(Buffer.from(interleaved.buffer), {
      nbSamples: pieces[0]?.length ?? 0,
      format: AV_SAMPLE_FMT_S16,
      sampleRate: SOURCE_RATE,
      channelLayout: { order: AV_CHANNEL_ORDER_NATIVE, ...layout },
      timeBase: { num: 1, den: SOURCE_RATE },
      pts: BigInt(at),
    });
  }
  yield null;
}

function interleave(channels: readonly Int16Array[]): Int16Array {
  const [first = new Int16Array()] = channels;
  const interleaved = new Int16Array(first.length * channels.length);
  for (let i = 0; i < interleaved.length; i += 1)
    interleaved[i] = channels[i % channels.length]?.[Math.floor(i / channels.length)] ?? 0;
  return interleaved;
}

function* pictures(seconds: number): Generator<Frame | null> {
  const { width, height, framesPerSecond } = VIDEO;
  for (let i = 0; i < seconds * framesPerSecond; i += 1) {
    yield Frame.fromVideoBuffer(Buffer.alloc((width * height * 3) / 2, 40 + (i % 100)), {
      width,
      height,
      format: AV_PIX_FMT_YUV420P,
      timeBase: { num: 1, den: framesPerSecond },
      pts: BigInt(i),
    });
  }
  yield null;
}
