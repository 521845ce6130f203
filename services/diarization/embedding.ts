import { dirname } from 'node:path';
import { type InferenceSession, Tensor } from '#services/onnx/runtime.js';
import { type Features, MEL_BANDS } from './fbank.js';
import { leanEmbedding } from './lean-embedding.js';
import { openSession } from './session.js';
import { EMBEDDING_SIZE, unit } from './vectors.js';

/** Stretches of one length in one call at most. */
const MAX_BATCH = 8;

export type Embedder = {
  /**
   * One embedding of unit length for each list of frames, in order.
   * `frames`: numbers of feature frames, at least one.
   */
  run(
    features: Features,
    stretches: readonly (readonly number[])[],
    call?: { readonly signal?: AbortSignal },
  ): Promise<Float32Array[]>;
  dispose(): Promise<void>;
};

/**
 * Loads a CAM++ speaker embedding model (https://arxiv.org/abs/2303.00332): `x` [N,T,80] filter bank features with the
 * stretch's mean taken off → `embedding` [N,192]. Stretches of the same length share a call.
 */
export async function createEmbedder(options: {
  readonly modelPath: string;
  readonly threads: number;
}): Promise<Embedder> {
  const session = await openEmbeddingSession(options);
  return {
    async run(features, stretches, call) {
      const embeddings: Float32Array[] = new Array(stretches.length);
      for (const batch of batchesOfOneLength(stretches)) {
        call?.signal?.throwIfAborted();
        const found = await embed(
          session,
          features,
          batch.map((index) => stretches[index] ?? []),
        );
        batch.forEach((index, row) => {
          embeddings[index] = found[row] as Float32Array;
        });
      }
      return embeddings;
    },
    dispose: () => session.release(),
  };
}

/** With a cheaper graph where the model is one that is known; as it is where it is another. */
async function openEmbeddingSession(options: {
  readonly modelPath: string;
  readonly threads: number;
}): Promise<InferenceSession> {
  const { modelPath, threads } = options;
  const lean = await leanEmbedding(modelPath);
  const asItIs = () => openSession(modelPath, { threads });
  if (!lean) return asItIs();
  // The runtime refuses weights that a link leads to out of their folder, and a model by itself not.
  return openSession(lean, { threads, weightsFolder: dirname(modelPath) }).catch(asItIs);
}

/** Indices of stretches: each batch holds those of one length. */
function batchesOfOneLength(stretches: readonly (readonly number[])[]): number[][] {
  const byLength = new Map<number, number[]>();
  stretches.forEach(({ length }, index) => {
    byLength.set(length, [...(byLength.get(length) ?? []), index]);
  });
  return [...byLength.values()].flatMap((indices) =>
    Array.from({ length: Math.ceil(indices.length / MAX_BATCH) }, (_, batch) =>
      indices.slice(batch * MAX_BATCH, (batch + 1) * MAX_BATCH),
    ),
  );
}

async function embed(
  session: InferenceSession,
  features: Features,
  stretches: readonly (readonly number[])[],
): Promise<Float32Array[]> {
  const length = stretches[0]?.length ?? 0;
  const input = new Float32Array(stretches.length * length * MEL_BANDS);
  stretches.forEach((frames, row) => {
    copyWithoutMean(features, frames, input.subarray(row * length * MEL_BANDS));
  });
  const { embedding } = await session.run({
    x: new Tensor('float32', input, [stretches.length, length, MEL_BANDS]),
  });
  const all = (embedding as Tensor).data as Float32Array;
  return stretches.map((_, row) =>
    unit(all.slice(row * EMBEDDING_SIZE, (row + 1) * EMBEDDING_SIZE)),
  );
}

function copyWithoutMean(
  features: Features,
  frames: readonly number[],
  target: Float32Array,
): void {
  const mean = new Float64Array(MEL_BANDS);
  for (const frame of frames) {
    for (let band = 0; band < MEL_BANDS; band++) {
      mean[band] =
        (mean[band] as number) +
        (features.data[frame * MEL_BANDS + band] as number) / frames.length;
    }
  }
  frames.forEach((frame, row) => {
    for (let band = 0; band < MEL_BANDS; band++) {
      target[row * MEL_BANDS + band] =
        (features.data[frame * MEL_BANDS + band] as number) - (mean[band] as number);
    }
  });
}
