import { join } from 'node:path';
import { onnxProviders } from '#services/devices/in-use.js';
import { InferenceSession, Tensor } from '#services/onnx/runtime.js';
import { type AudioSegment, SAMPLE_RATE } from '../types.js';
import { END_TOKEN } from './fuse-decoder.js';
import { moonshineFiles } from './prepare.js';

/** Speech has fewer tokens a second; a row with more is caught in a loop. */
const TOKENS_PER_SECOND = 7;
const SPARE_TOKENS = 8;

/** The encoder's convolutions want a little audio at least. */
const MIN_SAMPLES = SAMPLE_RATE / 4;

/** What the decoder said about one segment. */
export type Decoded = {
  /** Without the end token. */
  readonly tokens: number[];
  /** Natural-log probability of each token; one more than `tokens` if the end token came. */
  readonly logprobs: number[];
  /** Mean cross-attention, row-major [tokens, frames], padding left out. */
  readonly attention: Float32Array;
  readonly frames: number;
  /** False if the token limit stopped it. */
  readonly ended: boolean;
};

export type MoonshineModel = {
  /** One batch: segments are padded with zeros to the longest. */
  decode(segments: readonly AudioSegment[]): Promise<Decoded[]>;
  dispose(): Promise<void>;
};

/** Opens the encoder and the fused decoder of a prepared model folder. */
export async function openMoonshine(options: {
  readonly modelDir: string;
  readonly threads: number;
}): Promise<MoonshineModel> {
  const session = {
    ...onnxProviders(),
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    // Every batch has another shape: remembered patterns would only pile up.
    enableMemPattern: false,
    logSeverityLevel: 3,
  } as const;
  const encoder = await InferenceSession.create(
    join(options.modelDir, moonshineFiles.encoder),
    session,
  );
  const decoder = await InferenceSession.create(
    join(options.modelDir, moonshineFiles.fusedDecoder),
    session,
  );

  return {
    async decode(segments) {
      const longest = Math.max(MIN_SAMPLES, ...segments.map(({ samples }) => samples.length));
      const encoded = await encoder.run({ input_values: paddedBatch(segments, longest) });
      const hidden = encoded.last_hidden_state as Tensor;
      const steps = tokenLimit(longest);
      const output = await decoder.run({
        encoder_hidden_states: hidden,
        max_steps: new Tensor('int64', BigInt64Array.of(BigInt(steps)), []),
      });
      return segments.map((segment, row) =>
        decodedRow(output, row, segment.samples.length / longest),
      );
    },
    async dispose() {
      await Promise.all([encoder.release(), decoder.release()]);
    },
  };
}

/** Most tokens that so many samples can hold. */
export function tokenLimit(samples: number): number {
  return Math.ceil((samples / SAMPLE_RATE) * TOKENS_PER_SECOND) + SPARE_TOKENS;
}

function paddedBatch(segments: readonly AudioSegment[], longest: number): Tensor {
  const input = new Float32Array(segments.length * longest);
  segments.forEach(({ samples }, row) => {
    const offset = row * longest;
    for (let index = 0; index < samples.length; index++) {
      input[offset + index] = (samples[index] as number) / 32_768;
    }
  });
  return new Tensor('float32', input, [segments.length, longest]);
}

/** Takes one batch row out of the decoder's step-major outputs; `share` is how much of the width is the row's own. */
function decodedRow(
  output: Awaited<ReturnType<InferenceSession['run']>>,
  row: number,
  share: number,
): Decoded {
  const [steps = 0, batch = 0, width = 0] = output.attention?.dims ?? [];
  const ids = output.tokens?.data as BigInt64Array;
  const probabilities = output.logprobs?.data as Float32Array;
  const weights = output.attention?.data as Float32Array;
  const frames = Math.max(1, Math.min(width, Math.round(width * share)));

  const tokens: number[] = [];
  const logprobs: number[] = [];
  let ended = false;
  for (let step = 0; step < steps && !ended; step++) {
    const token = Number(ids[step * batch + row]);
    logprobs.push(probabilities[step * batch + row] as number);
    if (token === END_TOKEN) ended = true;
    else tokens.push(token);
  }
  const attention = new Float32Array(tokens.length * frames);
  for (let step = 0; step < tokens.length; step++) {
    const begin = (step * batch + row) * width;
    attention.set(weights.subarray(begin, begin + frames), step * frames);
  }
  return { tokens, logprobs, attention, frames, ended };
}
