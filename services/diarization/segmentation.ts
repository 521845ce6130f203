import { type InferenceSession, Tensor } from '#services/onnx/runtime.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import { joinLooks, type Look } from './joined-looks.js';
import { CLASSES } from './powerset.js';
import { openSession } from './session.js';
import { FRAME_SAMPLES, HOP_SAMPLES, SLOTS, WINDOW_SAMPLES } from './windows.js';

/** Windows that begin between two others: each frame is looked at with another beginning and end. */
const BETWEEN_SAMPLES = HOP_SAMPLES / 2;
const BETWEEN_FRAMES = Math.round(BETWEEN_SAMPLES / FRAME_SAMPLES);

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
      const own = await look(session, { samples, windows, offset: 0 });
      const between = await look(session, { samples, windows, offset: BETWEEN_SAMPLES });
      return own.map((each, window) => {
        const [before, after] = [between[window - 1], between[window]];
        return joinLooks(each, [
          ...(before ? [{ ...before, shift: -BETWEEN_FRAMES }] : []),
          ...(after ? [{ ...after, shift: BETWEEN_FRAMES }] : []),
        ]);
      });
    },
    dispose: () => session.release(),
  };
}

/** Windows of which less than this is sound say nothing. */
const LEAST_SAMPLES = SAMPLE_RATE;

/** Probabilities for windows every hop from the offset on, as far as there is sound; silence beyond its end. */
async function look(
  session: InferenceSession,
  block: { readonly samples: Int16Array; readonly windows: number; readonly offset: number },
): Promise<Look[]> {
  const { samples, offset } = block;
  const heard = Math.ceil((samples.length - LEAST_SAMPLES - offset) / HOP_SAMPLES);
  const windows = offset === 0 ? block.windows : Math.min(block.windows, heard);
  if (windows <= 0) return [];
  const input = new Float32Array(windows * WINDOW_SAMPLES);
  for (let window = 0; window < windows; window++) {
    const begin = offset + window * HOP_SAMPLES;
    const part = samples.subarray(begin, begin + WINDOW_SAMPLES);
    for (let index = 0; index < part.length; index++) {
      input[window * WINDOW_SAMPLES + index] = (part[index] as number) / 32_768;
    }
  }
  const { y } = await session.run({
    x: new Tensor('float32', input, [windows, 1, WINDOW_SAMPLES]),
  });
  const { data, dims } = y as Tensor;
  const [, frames = 0] = dims;
  const probabilities = (data as Float32Array).map(Math.exp);
  return Array.from({ length: windows }, (_, window) => ({
    probabilities: probabilities.subarray(
      window * frames * CLASSES,
      (window + 1) * frames * CLASSES,
    ),
  }));
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
