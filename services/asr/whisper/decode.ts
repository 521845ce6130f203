import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { sherpaProvider } from '#services/devices/in-use.js';
import { createTempStore } from '#services/temp/temp-store.js';
import { silentLogger } from '#utils/logging/logger.js';
import { type AudioSegment, SAMPLE_RATE, type SpeechTask } from '../types.js';
import type { WhisperFiles } from './model-files.js';

/** sherpa-onnx discards what lies beyond 29.5 s. */
export const MAX_SECONDS = 29.4;

/** What the decoder said about one segment. Without the end token. */
export type Decoded = {
  readonly tokens: readonly number[];
  /** Where each token begins and how long it lasts, in seconds; empty where the decoder does not tell. */
  readonly starts: readonly number[];
  readonly durations: readonly number[];
  /** Code of the language that was asked for or detected; empty for a model of English alone. */
  readonly language: string;
  /** False if the token limit stopped it. */
  readonly ended: boolean;
};

export type DecodeOptions = {
  /** Absent: detect it. One of the model's languages: another one ends the process. */
  readonly language?: string | undefined;
  readonly task: SpeechTask;
  /** The segment is followed by silence up to this length. More makes loops rarer and takes longer. */
  readonly paddedSeconds: number;
};

export type WhisperModel = {
  /** One segment of at most `MAX_SECONDS`. Calls wait for each other. */
  decode(segment: AudioSegment, options: DecodeOptions): Promise<Decoded>;
};

/** Feature frames (10 ms) of nothing that sherpa adds; the silence that we add is part of the audio. */
const TAIL_FRAMES = 100;
/** sherpa's own limits. */
const TOKENS_PER_SECOND = 6;
const MAX_TOKENS = 224;

// The package has no types.
type Stream = { acceptWaveform(wave: { samples: Float32Array; sampleRate: number }): void };
type Recogniser = {
  createStream(): Stream;
  setConfig(config: unknown): void;
  decodeAsync(stream: Stream): Promise<{
    lang: string;
    tokens: string[];
    timestamps: number[];
    durations: number[];
  }>;
};

/**
 * Loads a checked Whisper model into sherpa-onnx. Only in an engine host: what sherpa cannot do it answers by ending
 * the process.
 *
 * sherpa is given a vocabulary in which the text of each token is its number. It drops bytes that are no whole
 * character token by token, and with them most characters of Chinese, Japanese or Korean that take two tokens; from
 * numbers, texts are put together right.
 */
export async function openWhisper(options: {
  readonly files: WhisperFiles;
  readonly threads: number;
  readonly tempDir: string;
}): Promise<WhisperModel> {
  const { OfflineRecognizer } = createRequire(import.meta.url)('sherpa-onnx-node') as {
    OfflineRecognizer: { createAsync(config: unknown): Promise<Recogniser> };
  };
  // Named after this process, so that the next server removes it should this one be killed meanwhile.
  const temp = createTempStore({ root: options.tempDir, logger: silentLogger });
  const tokens = join((await temp.folder()).path, 'tokens.txt');
  const config = (language: string, task: SpeechTask) =>
    recogniserConfig({ ...options, tokens, language, task });
  let current = 'transcribe ';
  let recogniser: Recogniser;
  try {
    await writeFile(tokens, numberTable(options.files.vocabulary.keys()));
    recogniser = await OfflineRecognizer.createAsync(config('', 'transcribe'));
  } finally {
    // It is read once.
    await temp.dispose();
  }

  // Native code works on a stream without holding it: what nobody can reach any more may be collected meanwhile. The
  // recogniser is held by `decode`.
  const inUse = new Set<Stream>();
  const decode: WhisperModel['decode'] = async (
    segment,
    { language = '', task, paddedSeconds },
  ) => {
    const wanted = `${task} ${language}`;
    // The configuration belongs to the recogniser, not to a stream; changing it costs nothing.
    if (wanted !== current) recogniser.setConfig(config(language, task));
    current = wanted;
    const samples = paddedSamples(segment, paddedSeconds);
    const stream = recogniser.createStream();
    stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
    inUse.add(stream);
    try {
      const { lang, tokens, timestamps, durations } = await recogniser.decodeAsync(stream);
      return {
        tokens: tokens.map(Number),
        starts: timestamps,
        durations,
        language: lang,
        ended: tokens.length < tokenLimit(samples.length),
      };
    } finally {
      inUse.delete(stream);
    }
  };
  // One after the other: the recogniser has one configuration.
  let last: Promise<unknown> = Promise.resolve();
  return {
    decode(segment, call) {
      const run = last.then(() => decode(segment, call));
      last = run.catch(() => {});
      return run;
    },
  };
}

/** How many tokens sherpa lets the decoder make for so many samples. */
function tokenLimit(samples: number): number {
  return Math.min(MAX_TOKENS, Math.floor((samples / SAMPLE_RATE) * TOKENS_PER_SECOND) - 1);
}

function paddedSamples({ samples }: AudioSegment, seconds: number): Float32Array {
  const padded = Math.round(Math.min(seconds, MAX_SECONDS) * SAMPLE_RATE);
  const wave = new Float32Array(Math.max(samples.length, padded));
  for (let index = 0; index < samples.length; index++)
    wave[index] = (samples[index] as number) / 32_768;
  return wave;
}

function numberTable(ids: Iterable<number>): string {
  return [...ids].map((id) => `${Buffer.from(String(id)).toString('base64')} ${id}\n`).join('');
}

function recogniserConfig(options: {
  readonly files: WhisperFiles;
  readonly threads: number;
  readonly tokens: string;
  readonly language: string;
  readonly task: SpeechTask;
}) {
  const { files, threads, tokens, language, task } = options;
  return {
    featConfig: { sampleRate: SAMPLE_RATE, featureDim: 80 },
    modelConfig: {
      whisper: {
        encoder: files.encoder,
        decoder: files.decoder,
        language,
        task,
        tailPaddings: TAIL_FRAMES,
        // A switch is a number here: `true` is silently taken for 0.
        enableTokenTimestamps: files.hasTokenTimes ? 1 : 0,
      },
      tokens,
      numThreads: threads,
      provider: sherpaProvider(),
      debug: 0,
    },
  };
}
