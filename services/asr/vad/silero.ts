import { onnxProviders } from '#services/devices/in-use.js';
import { InferenceSession, Tensor } from '#services/onnx/runtime.js';
import {
  HEARING_FRAME as FRAME_SAMPLES,
  SAMPLE_RATE,
  type SpeechDetector,
  type SpeechSpan,
} from '../types.js';
import { CONTEXT_SAMPLES, listen, STATE_SIZE } from './listen.js';
import { closeBelow, findSpans } from './spans.js';

export const FRAME_SECONDS = FRAME_SAMPLES / SAMPLE_RATE;

/** A recording is cut into lanes that run side by side as one batch; each first listens to what is before it. */
const LANE_FRAMES = 940; // 30 s
const WARM_UP_FRAMES = 94; // 3 s
const MAX_LANES = 32;

/**
 * Loads silero VAD (https://github.com/snakers4/silero-vad, ONNX).
 *
 * The model is recurrent and tiny, so one call a frame is mostly overhead. Lanes of half a minute, each warmed up on
 * the three seconds before it, are computed as one batch: the cut depends on the recording alone, so the same file gives
 * the same result.
 */
export async function createSileroDetector(options: {
  readonly modelPath: string;
  readonly threads: number;
}): Promise<SpeechDetector> {
  const session = await InferenceSession.create(options.modelPath, {
    ...onnxProviders(),
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return {
    async detect(samples, call): Promise<SpeechSpan[]> {
      const { threshold = 0.5, minSilenceSeconds = 0.2, maxSpeechSeconds = 15 } = call ?? {};
      return findSpans(await speechProbabilities(session, samples, call?.signal), {
        openAt: threshold,
        closeBelow: closeBelow(threshold),
        minSilenceSeconds,
        maxSpeechSeconds,
        frameSeconds: FRAME_SECONDS,
        totalSeconds: samples.length / SAMPLE_RATE,
      });
    },
    listen: (hearing) => listen(session, hearing),
    dispose: () => session.release(),
  };
}

/** Speech probability of every 32 ms frame; the last frame is filled up with silence. */
async function speechProbabilities(
  session: InferenceSession,
  samples: Int16Array,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const frames = Math.ceil(samples.length / FRAME_SAMPLES);
  const probabilities = new Float32Array(frames);
  for (let first = 0; first < frames; first += LANE_FRAMES * MAX_LANES) {
    const lanes = Math.min(MAX_LANES, Math.ceil((frames - first) / LANE_FRAMES));
    await runLanes({ session, samples, probabilities, first, lanes, signal });
  }
  return probabilities;
}

async function runLanes(work: {
  session: InferenceSession;
  samples: Int16Array;
  probabilities: Float32Array;
  /** First frame of the first lane. */
  first: number;
  lanes: number;
  signal: AbortSignal | undefined;
}): Promise<void> {
  const { session, samples, probabilities, first, lanes } = work;
  const width = CONTEXT_SAMPLES + FRAME_SAMPLES;
  const input = new Float32Array(lanes * width);
  const rate = new Tensor('int64', BigInt64Array.of(BigInt(SAMPLE_RATE)), []);
  let state = new Tensor('float32', new Float32Array(2 * lanes * STATE_SIZE), [
    2,
    lanes,
    STATE_SIZE,
  ]);
  const longest = Math.min(LANE_FRAMES, probabilities.length - first);
  for (let step = -WARM_UP_FRAMES; step < longest; step++) {
    work.signal?.throwIfAborted();
    for (let lane = 0; lane < lanes; lane++) {
      const begin = (first + lane * LANE_FRAMES + step) * FRAME_SAMPLES - CONTEXT_SAMPLES;
      for (let index = 0; index < width; index++) {
        input[lane * width + index] = (samples[begin + index] ?? 0) / 32_768;
      }
    }
    const result = await session.run({
      input: new Tensor('float32', input, [lanes, width]),
      state,
      sr: rate,
    });
    state = result.stateN as typeof state;
    if (step < 0) continue;
    const output = result.output?.data as Float32Array;
    for (let lane = 0; lane < lanes; lane++) {
      const frame = first + lane * LANE_FRAMES + step;
      if (frame < probabilities.length) probabilities[frame] = output[lane] as number;
    }
  }
}
