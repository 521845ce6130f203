import { join } from 'node:path';
import { onnxProviders } from '#services/devices/in-use.js';
import { InferenceSession, Tensor } from '#services/onnx/runtime.js';
import { type AudioSegment, SAMPLE_RATE } from '../types.js';
import { END_TOKEN, MAX_STEPS } from './decoder-step.js';
import { moonshineFiles } from './files.js';

/** Speech has fewer tokens a second; a row with more is caught in a loop. */
const TOKENS_PER_SECOND = 7;
const SPARE_TOKENS = 8;

/** The encoder's convolutions want a little audio at least. */
const MIN_SAMPLES = SAMPLE_RATE / 4;
/** Silence behind each segment: last words are heard a little better before it (docs/decisions/fused-decoder.md). */
const TAIL_SAMPLES = SAMPLE_RATE / 10;

/** What the decoder said about one segment. */
export type Decoded = {
  /** Without the end token. */
  readonly tokens: number[];
  /** Natural-log probability of each token; one more than `tokens` if the end token came. */
  readonly logprobs: number[];
  /** Mean cross-attention, row-major [tokens, frames]. */
  readonly attention: Float32Array;
  readonly frames: number;
  /** False if the token limit stopped it. */
  readonly ended: boolean;
};

export type MoonshineModel = {
  /** One batch: each segment is encoded by itself, all are decoded side by side. */
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
    join(options.modelDir, moonshineFiles.signedEncoder),
    session,
  );
  const decoder = await InferenceSession.create(
    join(options.modelDir, moonshineFiles.fusedDecoder),
    session,
  );

  return {
    async decode(segments) {
      const encoded: Tensor[] = [];
      for (const { samples } of segments)
        encoded.push(
          (await encoder.run({ input_values: inputOf(samples) })).last_hidden_state as Tensor,
        );
      const frames = encoded.map(({ dims }) => dims[1] ?? 0);
      const longest = Math.max(...segments.map(({ samples }) => samples.length));
      const steps = Math.min(tokenLimit(longest), MAX_STEPS);
      const output = await decoder.run({
        encoder_hidden_states: sideBySide(encoded, frames),
        frame_counts: new Tensor('int64', BigInt64Array.from(frames, BigInt), [frames.length]),
        max_steps: new Tensor('int64', BigInt64Array.of(BigInt(steps)), []),
      });
      return segments.map(({ samples }, row) => {
        const ofSound = samples.length / inputLength(samples);
        return decodedRow(output, row, Math.max(1, Math.round((frames[row] ?? 0) * ofSound)));
      });
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

/** Samples as [1, samples] in [-1, 1) with silence behind them. */
function inputOf(samples: Int16Array): Tensor {
  const input = new Float32Array(inputLength(samples));
  for (let index = 0; index < samples.length; index++)
    input[index] = (samples[index] as number) / 32_768;
  return new Tensor('float32', input, [1, input.length]);
}

function inputLength({ length }: Int16Array): number {
  return Math.max(MIN_SAMPLES, length + TAIL_SAMPLES);
}

/** Hidden states [1, frames, size] of every row as [rows, most frames, size]; shorter ones are filled up with zeros. */
function sideBySide(rows: readonly Tensor[], frames: readonly number[]): Tensor {
  const [first] = rows;
  if (first && rows.length === 1) return first;
  const size = first?.dims[2] ?? 0;
  const most = Math.max(...frames);
  const all = new Float32Array(rows.length * most * size);
  rows.forEach(({ data }, row) => {
    all.set(data as Float32Array, row * most * size);
  });
  return new Tensor('float32', all, [rows.length, most, size]);
}

/** Takes one batch row, which has so many frames of its own, out of the decoder's step-major outputs. */
function decodedRow(
  output: Awaited<ReturnType<InferenceSession['run']>>,
  row: number,
  frames: number,
): Decoded {
  const [steps = 0, batch = 0, width = 0] = output.attention?.dims ?? [];
  const ids = output.tokens?.data as BigInt64Array;
  const probabilities = output.logprobs?.data as Float32Array;
  const weights = output.attention?.data as Float32Array;

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
