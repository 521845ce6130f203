import { createRequire } from 'node:module';
import { SAMPLE_RATE } from '#services/asr/types.js';
import type { FromSherpa, SherpaModel, ToSherpa } from './sherpa-protocol.js';

// The package has no types.
type Stream = { acceptWaveform(wave: { samples: Float32Array; sampleRate: number }): void };
type Recogniser = {
  createStream(): Stream;
  decode(stream: Stream): void;
  getResult(stream: Stream): { text: string };
  decodeAsync(stream: Stream): Promise<{ text: string }>;
};
const { OfflineRecognizer } = createRequire(import.meta.url)('sherpa-onnx-node') as {
  OfflineRecognizer: new (config: unknown) => Recogniser;
};

let recognisers: Recogniser[] = [];
let segments: Float32Array[] = [];

process.on('message', (message: ToSherpa) => {
  if (message.type === 'load') {
    const { threads, mode, model } = message;
    const count = mode === 'one by one' ? 1 : threads;
    recognisers = Array.from({ length: count }, () => load(model, threads / count));
    segments = message.segments.map((samples) =>
      Float32Array.from(samples, (value) => value / 32_768),
    );
    // The first decode pays for allocations: it is not part of any figure.
    decodeOne(recognisers[0] as Recogniser, segments[0] as Float32Array);
    send({ type: 'ready' });
    return;
  }
  void decodeAll();
});

async function decodeAll(): Promise<void> {
  const startedAt = performance.now();
  const texts = recognisers.length === 1 ? decodeInTurn() : await decodeSideBySide();
  send({ type: 'decoded', elapsedMs: performance.now() - startedAt, texts });
}

function decodeInTurn(): string[] {
  return segments.map((samples) => decodeOne(recognisers[0] as Recogniser, samples));
}

async function decodeSideBySide(): Promise<string[]> {
  const texts: string[] = [];
  let next = 0;
  const work = async (recogniser: Recogniser) => {
    while (next < segments.length) {
      const index = next++;
      const stream = streamOf(recogniser, segments[index] as Float32Array);
      texts[index] = (await recogniser.decodeAsync(stream)).text;
    }
  };
  await Promise.all(recognisers.map(work));
  return texts;
}

function decodeOne(recogniser: Recogniser, samples: Float32Array): string {
  const stream = streamOf(recogniser, samples);
  recogniser.decode(stream);
  return recogniser.getResult(stream).text;
}

function streamOf(recogniser: Recogniser, samples: Float32Array): Stream {
  const stream = recogniser.createStream();
  stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
  return stream;
}

function load({ encoder, decoder, tokens }: SherpaModel, numThreads: number): Recogniser {
  return new OfflineRecognizer({
    featConfig: { sampleRate: SAMPLE_RATE, featureDim: 80 },
    modelConfig: {
      moonshine: { encoder, mergedDecoder: decoder },
      tokens,
      numThreads,
      provider: 'cpu',
      debug: 0,
    },
    decodingMethod: 'greedy_search',
  });
}

function send(message: FromSherpa): void {
  process.send?.(message);
}
