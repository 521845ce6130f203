import { Tensor } from '#services/onnx/runtime.js';
import { openSession } from './session.js';
import { HOP_SAMPLES, SLOTS, WINDOW_SAMPLES } from './windows.js';

/** Slots that speak in each class of the powerset: none, one of three, two of three. */
const CLASS_SLOTS: readonly (readonly number[])[] = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2]];
const CLASSES = CLASS_SLOTS.length;
/**
 * Added to the log-probabilities before the best class is taken. The model was trained to be as often wrong one way as
 * the other; for a transcript, speech that is missed is worse than a little too much: docs/decisions/diarization.md.
 */
const NO_SPEECH_BIAS = -0.6;
const OVERLAP_BIAS = 0.6;

/** For each frame of a window, a bit for each slot that speaks. */
export type WindowActivity = Uint8Array;

export type Segmentation = {
  /** Activity of `windows` windows, the first at sample 0, one every hop; samples beyond the end are silence. */
  run(samples: Int16Array, windows: number): Promise<WindowActivity[]>;
  dispose(): Promise<void>;
};

/** Loads segmentation-3.0 as converted for this project: `x` [N,1,T] in [-1,1] → `y` [N,F,7] log-probabilities. */
export async function createSegmentation(options: {
  readonly modelPath: string;
  readonly threads: number;
}): Promise<Segmentation> {
  const session = await openSession(options.modelPath, options);
  return {
    async run(samples, windows) {
      const input = new Float32Array(windows * WINDOW_SAMPLES);
      for (let window = 0; window < windows; window++) {
        const begin = window * HOP_SAMPLES;
        const part = samples.subarray(begin, begin + WINDOW_SAMPLES);
        for (let index = 0; index < part.length; index++) {
          input[window * WINDOW_SAMPLES + index] = (part[index] as number) / 32_768;
        }
      }
      const { y } = await session.run({
        x: new Tensor('float32', input, [windows, 1, WINDOW_SAMPLES]),
      });
      return activityOf(y as Tensor);
    },
    dispose: () => session.release(),
  };
}

function activityOf(output: Tensor): WindowActivity[] {
  const scores = output.data as Float32Array;
  const [windows = 0, frames = 0] = output.dims;
  return Array.from({ length: windows }, (_, window) => {
    const activity = new Uint8Array(frames);
    for (let frame = 0; frame < frames; frame++) {
      activity[frame] = bestClass(scores, (window * frames + frame) * CLASSES);
    }
    return activity;
  });
}

/** The slots of the most likely class as bits. */
function bestClass(scores: Float32Array, at: number): number {
  let best = 0;
  let bestScore = Number.NEGATIVE_INFINITY;
  CLASS_SLOTS.forEach((slots, index) => {
    const bias = slots.length === 0 ? NO_SPEECH_BIAS : slots.length === 2 ? OVERLAP_BIAS : 0;
    const score = (scores[at + index] as number) + bias;
    if (score <= bestScore) return;
    best = index;
    bestScore = score;
  });
  return (CLASS_SLOTS[best] as readonly number[]).reduce((bits, slot) => bits | (1 << slot), 0);
}

/** Stretches of frames, `[from, to)`, for which `holds`. */
export function frameRuns(
  activity: WindowActivity,
  holds: (bits: number) => boolean,
): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  let from = -1;
  for (let frame = 0; frame <= activity.length; frame++) {
    const active = frame < activity.length && holds(activity[frame] as number);
    if (active && from < 0) from = frame;
    if (!active && from >= 0) {
      runs.push({ from, to: frame });
      from = -1;
    }
  }
  return runs;
}

/** 0, 1 … of the slots. */
export const ALL_SLOTS: readonly number[] = Array.from({ length: SLOTS }, (_, slot) => slot);
