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
const VIDEO = { width: 64, height: 48, framesPerSecond: 5 };

/** Encodes 16 kHz mono samples with FFmpeg into a real media file. Throws if an encoder is missing. */
export function encodeMedia(path: string, samples: Int16Array, recipe: MediaRecipe): void {
  Log.setLevel(AV_LOG_QUIET);
  const { format, formatOptions = {}, audio, videoCodec } = recipe;
  const muxer = Muxer.openSync(path, { format, options: formatOptions });
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
  if (sound && audio) writePackets(muxer, sound.packetsSync(converted(samples, audio)), soundIndex);
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

function* converted(samples: Int16Array, audio: NonNullable<MediaRecipe['audio']>) {
  const layout = audio.channels === 1 ? 'mono' : 'stereo';
  const filter = FilterAPI.create(
    `aresample=${audio.sampleRate},aformat=sample_fmts=${audio.sampleFormat}:channel_layouts=${layout}` +
      (audio.frameSamples ? `,asetnsamples=n=${audio.frameSamples}:p=0` : ''),
  );
  yield* filter.framesSync(soundFrames(samples));
  filter.close();
}

function* soundFrames(samples: Int16Array): Generator<Frame | null> {
  for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
    const piece = samples.subarray(at, at + FRAME_SAMPLES);
    yield Frame.fromAudioBuffer(Buffer.from(new Uint8Array(piece.slice().buffer)), {
      nbSamples: piece.length,
      format: AV_SAMPLE_FMT_S16,
      sampleRate: SOURCE_RATE,
      channelLayout: { nbChannels: 1, order: AV_CHANNEL_ORDER_NATIVE, mask: 4n },
      timeBase: { num: 1, den: SOURCE_RATE },
      pts: BigInt(at),
    });
  }
  yield null;
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
