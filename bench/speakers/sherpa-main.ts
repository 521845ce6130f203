import { createRequire } from 'node:module';
import type { FromSherpa, ToSherpa } from './sherpa-protocol.js';

// The package has no types.
type Diarization = {
  process(samples: Float32Array): { start: number; end: number; speaker: number }[] | undefined;
};
const { OfflineSpeakerDiarization } = createRequire(import.meta.url)('sherpa-onnx-node') as {
  OfflineSpeakerDiarization: new (config: unknown) => Diarization;
};

let diarization: Diarization | undefined;

process.on('message', (message: ToSherpa) => {
  if (message.type === 'load') {
    diarization = load(message);
    send({ type: 'ready' });
    return;
  }
  const samples = Float32Array.from(message.samples, (value) => value / 32_768);
  const startedAt = performance.now();
  // Where it finds nobody, it gives nothing at all.
  const found = diarization?.process(samples) ?? [];
  send({
    type: 'diarized',
    elapsedMs: performance.now() - startedAt,
    turns: found.map(({ start, end, speaker }) => ({ start, end, speaker: String(speaker) })),
  });
});

function load({ models, threads, threshold }: Extract<ToSherpa, { type: 'load' }>): Diarization {
  const common = { numThreads: threads, provider: 'cpu', debug: 0 };
  return new OfflineSpeakerDiarization({
    segmentation: { pyannote: { model: models.segmentation }, ...common },
    embedding: { model: models.embedding, ...common },
    // As many speakers as the threshold leaves.
    clustering: { numClusters: -1, threshold },
    minDurationOn: 0.3,
    minDurationOff: 0.5,
  });
}

function send(message: FromSherpa): void {
  process.send?.(message);
}
