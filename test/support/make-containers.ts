import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import wavefile from 'wavefile';
import { encodeAmr, toEightKilohertz } from './encode-amr.js';
import { encodeMedia, type MediaRecipe } from './encode-media.js';

export type ContainerKind = {
  readonly name: string;
  readonly file: string;
  /** FFmpeg's names, as `onOpen` reports them. */
  readonly container: string;
  readonly codec: string;
  readonly lossy: boolean;
  /** Least normalised cross-correlation with the original; see `bestMatch`. */
  readonly leastCorrelation: number;
  /** Whether the container says how long it is. */
  readonly claimsDuration: boolean;
  /** Writes 16 kHz mono samples into such a file. */
  readonly make: (path: string, samples: Int16Array) => Promise<void>;
};

const SOURCE_RATE = 16_000;

const containerOf: Readonly<Record<string, string>> = {
  ipod: 'mov',
  mp4: 'mov',
  webm: 'matroska',
  adts: 'aac',
};
const lossless = new Set(['flac']);

const mp3 = media('mp3', 'a.mp3', 'mp3float', {
  format: 'mp3',
  audio: sound('libmp3lame', 's16p', 44_100, 2),
});
const m4a = media('m4a', 'a.m4a', 'aac', {
  format: 'ipod',
  audio: sound('aac', 'fltp', 44_100, 2),
});
const opus = media('ogg opus', 'a.opus', 'opus', {
  format: 'ogg',
  audio: sound('libopus', 's16', 48_000, 1),
});

/** One file of every kind people send. */
export const containerKinds: readonly ContainerKind[] = [
  wav('wav 8-bit', 'pcm_u8', { bitDepth: '8' }),
  wav('wav 16-bit', 'pcm_s16le', {}),
  wav('wav 24-bit', 'pcm_s24le', { bitDepth: '24' }),
  wav('wav 32-bit', 'pcm_s32le', { bitDepth: '32' }),
  wav('wav float', 'pcm_f32le', { bitDepth: '32f' }),
  wav('wav stereo', 'pcm_s16le', { channels: 2 }),
  wav('wav with ten channels', 'pcm_s16le', { channels: 10 }),
  wav('wav 8 kHz', 'pcm_s16le', { sampleRate: 8000 }),
  wav('wav 48 kHz', 'pcm_s16le', { sampleRate: 48_000 }),
  media('flac', 'a.flac', 'flac', { format: 'flac', audio: sound('flac', 's16', 44_100, 2) }),
  mp3,
  m4a,
  media('aac without container', 'a.aac', 'aac', {
    format: 'adts',
    audio: sound('aac', 'fltp', 48_000, 1),
  }),
  media('ogg vorbis', 'a.ogg', 'vorbis', {
    format: 'ogg',
    // In larger frames node-av's encoder loses most of them: Vorbis takes 64 samples and often gives nothing back.
    audio: { ...sound('libvorbis', 'fltp', 44_100, 2), frameSamples: 64 },
  }),
  opus,
  {
    ...media('webm without duration', 'a.webm', 'opus', {
      format: 'webm',
      // As browsers record: clusters of unknown size, no cues, no duration.
      formatOptions: { live: '1' },
      audio: sound('libopus', 's16', 48_000, 1),
    }),
    claimsDuration: false,
  },
  media('wma', 'a.wma', 'wmav2', { format: 'asf', audio: sound('wmav2', 'fltp', 44_100, 2) }),
  {
    name: 'amr',
    file: 'a.amr',
    container: 'amr',
    codec: 'amrnb',
    lossy: true,
    // A telephone codec models the voice and does not keep its waveform; the loudness over time must match all the same.
    leastCorrelation: 0.4,
    claimsDuration: false,
    make: async (path, samples) => writeFile(path, await encodeAmr(toEightKilohertz(samples))),
  },
  media('mp4 with video', 'a.mp4', 'aac', {
    format: 'mp4',
    audio: sound('aac', 'fltp', 48_000, 2),
    videoCodec: 'mpeg4',
  }),
  media('mkv with video', 'a.mkv', 'ac3', {
    format: 'matroska',
    audio: sound('ac3', 'fltp', 48_000, 2),
    videoCodec: 'libx264',
  }),
  media('mpeg-ts with video', 'a.ts', 'aac', {
    format: 'mpegts',
    audio: sound('aac', 'fltp', 48_000, 2),
    videoCodec: 'libx264',
  }),
  renamed('mp3 named .wav', 'b.wav', mp3),
  renamed('m4a named .txt', 'b.txt', m4a),
  renamed('ogg without extension', 'b', opus),
];

/** Writes a file of one kind and returns its path. */
export async function makeContainer(
  name: string,
  folder: string,
  samples: Int16Array,
): Promise<string> {
  const kind = kindNamed(name);
  const path = join(folder, kind.file);
  await kind.make(path, samples);
  return path;
}

function kindNamed(name: string): ContainerKind {
  const kind = containerKinds.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`no container is called ${name}`);
  return kind;
}

function sound(
  codec: string,
  sampleFormat: string,
  sampleRate: number,
  channels: 1 | 2,
): NonNullable<MediaRecipe['audio']> {
  return { codec, sampleFormat, sampleRate, channels };
}

function media(name: string, file: string, codec: string, recipe: MediaRecipe): ContainerKind {
  return {
    name,
    file,
    codec,
    container: containerOf[recipe.format] ?? recipe.format,
    lossy: !lossless.has(codec),
    leastCorrelation: lossless.has(codec) ? 0.95 : 0.9,
    claimsDuration: recipe.format !== 'adts',
    make: async (path, samples) => encodeMedia(path, samples, recipe),
  };
}

type WavOptions = {
  readonly bitDepth?: string;
  readonly channels?: number;
  readonly sampleRate?: number;
};

function wav(name: string, codec: string, options: WavOptions): ContainerKind {
  const { bitDepth, channels = 1, sampleRate } = options;
  return {
    name,
    file: 'a.wav',
    codec,
    container: 'wav',
    lossy: false,
    leastCorrelation: 0.95,
    claimsDuration: true,
    make: async (path, samples) => {
      const file = new wavefile.WaveFile();
      const each = Array.from({ length: channels }, (_, i) =>
        samples.map((value) => value / (i + 1)),
      );
      file.fromScratch(channels, SOURCE_RATE, '16', channels === 1 ? samples : each);
      if (sampleRate !== undefined) file.toSampleRate(sampleRate);
      if (bitDepth !== undefined) file.toBitDepth(bitDepth);
      await writeFile(path, file.toBuffer());
    },
  };
}

/** The same bytes under a name that says something else, or nothing. */
function renamed(name: string, file: string, kind: ContainerKind): ContainerKind {
  return { ...kind, name, file };
}
