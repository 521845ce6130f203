import { createRequire } from 'node:module';
import type { SpeakerTurn } from '#utils/transcript/types.js';
import type { FromPeer, SpokenWord, ToNodePeer } from './protocol.js';

/** sherpa-onnx-node alone, as a program for Node would use it: detector, recogniser and diarization, one after another. */

// The package has no types.
type Wave = { samples: Float32Array; sampleRate: number };
type Recogniser = {
  createStream(): { acceptWaveform(wave: Wave): void };
  decode(stream: object): void;
  getResult(stream: object): { text: string };
};
type Detector = {
  acceptWaveform(samples: Float32Array): void;
  isEmpty(): boolean;
  front(enableExternalBuffer: boolean): { start: number; samples: Float32Array };
  pop(): void;
  flush(): void;
  reset(): void;
};
type Diarization = {
  process(samples: Float32Array): { start: number; end: number; speaker: number }[] | undefined;
};
type Constructor<Instance> = new (config: unknown, ...more: unknown[]) => Instance;
const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as {
  OfflineRecognizer: Constructor<Recogniser>;
  Vad: Constructor<Detector>;
  OfflineSpeakerDiarization: Constructor<Diarization>;
  readWave(path: string): Wave;
};

type Load = Extract<ToNodePeer, { type: 'load' }>;

/** What this detector is best used with for these models. */
const DETECTOR = { minSilenceDuration: 0.3, maxSpeechDuration: 25, windowSize: 512 };
const DETECTOR_BUFFER_SECONDS = 60;

let models: { recogniser: Recogniser; detector: Detector; diarization: Diarization } | undefined;

process.on('message', (message: ToNodePeer) => {
  try {
    send(message.type === 'load' ? load(message) : hear(message));
  } catch (error) {
    send({ type: 'failed', message: (error as Error).message });
  }
});
process.on('disconnect', () => process.exit());

function load(message: Load): FromPeer {
  models = {
    recogniser: recogniserOf(message),
    detector: detectorOf(message),
    diarization: diarizationOf(message),
  };
  return { type: 'ready' };
}

function hear({ type, path }: Exclude<ToNodePeer, Load>): FromPeer {
  if (models === undefined) throw new Error('Nothing is loaded yet.');
  const wave = sherpa.readWave(path);
  if (type === 'recognise') return { type: 'heard', words: recognise(wave) };
  if (type === 'diarize') return { type: 'heard', turns: diarize(wave) };
  throw new Error(`It cannot ${type}.`);
}

function recognise({ samples, sampleRate }: Wave): SpokenWord[] {
  const { detector } = models as NonNullable<typeof models>;
  const words: SpokenWord[] = [];
  const take = () => {
    for (; !detector.isEmpty(); detector.pop()) {
      const { start, samples: speech } = detector.front(false);
      words.push(...wordsOf({ samples: speech, sampleRate }, start / sampleRate));
    }
  };
  for (let at = 0; at < samples.length; at += DETECTOR.windowSize) {
    detector.acceptWaveform(samples.subarray(at, at + DETECTOR.windowSize));
    take();
  }
  detector.flush();
  take();
  detector.reset();
  return words;
}

/** It gives no times of words: each gets an even part of its segment. */
function wordsOf(wave: Wave, from: number): SpokenWord[] {
  const { recogniser } = models as NonNullable<typeof models>;
  const stream = recogniser.createStream();
  stream.acceptWaveform(wave);
  recogniser.decode(stream);
  const texts = recogniser
    .getResult(stream)
    .text.split(/\s+/)
    .filter((text) => text !== '');
  const each = wave.samples.length / wave.sampleRate / texts.length;
  return texts.map((text, index) => ({
    text,
    start: from + index * each,
    end: from + (index + 1) * each,
  }));
}

function diarize({ samples }: Wave): SpeakerTurn[] {
  const { diarization } = models as NonNullable<typeof models>;
  // Where it finds nobody, it gives nothing at all.
  const found = diarization.process(samples) ?? [];
  return found.map(({ start, end, speaker }) => ({ start, end, speaker: String(speaker) }));
}

function recogniserOf({ recogniser: { encoder, decoder, tokens }, threads }: Load): Recogniser {
  return new sherpa.OfflineRecognizer({
    featConfig: { sampleRate: 16_000, featureDim: 80 },
    modelConfig: {
      moonshine: { encoder, mergedDecoder: decoder },
      tokens,
      numThreads: threads,
      provider: 'cpu',
      debug: 0,
    },
    decodingMethod: 'greedy_search',
  });
}

function detectorOf({ detector }: Load): Detector {
  return new sherpa.Vad(
    {
      sileroVad: { model: detector, threshold: 0.5, minSpeechDuration: 0.25, ...DETECTOR },
      sampleRate: 16_000,
      numThreads: 1,
      provider: 'cpu',
      debug: 0,
    },
    DETECTOR_BUFFER_SECONDS,
  );
}

function diarizationOf({ speakers, threads, threshold }: Load): Diarization {
  const common = { numThreads: threads, provider: 'cpu', debug: 0 };
  return new sherpa.OfflineSpeakerDiarization({
    segmentation: { pyannote: { model: speakers.segmentation }, ...common },
    embedding: { model: speakers.embedding, ...common },
    // As many speakers as the threshold leaves.
    clustering: { numClusters: -1, threshold },
    minDurationOn: 0.3,
    minDurationOff: 0.5,
  });
}

function send(message: FromPeer): void {
  process.send?.(message);
}
