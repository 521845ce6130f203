import { type InferenceSession, Tensor } from '#services/onnx/runtime.js';
import { HEARING_FRAME, type Heard, type Hearing, SAMPLE_RATE } from '../types.js';

/** Samples of the frame before that silero VAD (v5 and v6) wants in front of each frame. */
export const CONTEXT_SAMPLES = 64;
/** Width of its recurrent state, of which there are two layers. */
export const STATE_SIZE = 128;

/**
 * Speech probabilities of sound as it is being made, frame by frame. All that the model remembers travels with the call,
 * so that the next one may be answered by another process, and again after one was lost.
 *
 * @throws RangeError for samples that are no whole number of frames: the rest would be forgotten.
 */
export async function listen(
  session: InferenceSession,
  { samples, memory }: Hearing,
): Promise<Heard> {
  if (samples.length % HEARING_FRAME !== 0) throw new RangeError('no whole number of frames');
  const all = new Int16Array(CONTEXT_SAMPLES + samples.length);
  if (memory) all.set(memory.context);
  all.set(samples, CONTEXT_SAMPLES);
  const rate = new Tensor('int64', BigInt64Array.of(BigInt(SAMPLE_RATE)), []);
  const probabilities = new Float32Array(samples.length / HEARING_FRAME);
  let state = memory?.state ?? new Float32Array(2 * STATE_SIZE);
  for (let frame = 0; frame < probabilities.length; frame++) {
    const begin = frame * HEARING_FRAME;
    const part = all.subarray(begin, begin + CONTEXT_SAMPLES + HEARING_FRAME);
    const { output, stateN } = await session.run({
      input: new Tensor('float32', Float32Array.from(part, scaled), [1, part.length]),
      state: new Tensor('float32', state, [2, 1, STATE_SIZE]),
      sr: rate,
    });
    state = stateN?.data as Float32Array;
    probabilities[frame] = (output?.data as Float32Array | undefined)?.[0] ?? 0;
  }
  return { probabilities, memory: { state, context: all.slice(-CONTEXT_SAMPLES) } };
}

function scaled(sample: number): number {
  return sample / 32_768;
}
