import { type InferenceSession, Tensor } from '#services/onnx/runtime.js';
import { modelFileError } from '../model-file-error.js';
import type { EnhanceEngineSpec } from '../types.js';
import { openModel } from './open-model.js';
import type { Separator } from './separator.js';
import type { Spectrogram } from './spectrogram.js';

/** What its networks see at once: 512 frames of the lowest 1024 bins (up to 11 kHz), of two channels. */
const WINDOW_FRAMES = 512;
const WINDOW_BINS = 1024;
const CHANNELS = 2;
const SAMPLE_RATE = 44_100;
const FRAME_SAMPLES = 4096;
const HOP_SAMPLES = 1024;
/** Where neither network hears anything, both get half of it. */
const LEAST_POWER = 1e-10;

/**
 * Spleeter with two stems (Hennequin and others, JOSS 2020): one network estimates how loud the voices are in each place
 * of the spectrogram, one the accompaniment; the voices get their share of the power (a Wiener filter). In and out:
 * magnitudes [2, windows, 512, 1024]. Bins above are no voice. Both channels are the same here.
 *
 * @throws WhosaidError `engine_unavailable` for files that do not fit
 */
export async function createSpleeter(spec: EnhanceEngineSpec): Promise<Separator> {
  const fileOf = (stem: string): string => {
    const file = spec.modelFiles.find((path) => path.split('/').at(-1)?.startsWith(stem));
    if (file === undefined) throw modelFileError(spec, `${stem}.onnx`, 'is missing');
    return file;
  };
  const files = [fileOf('vocals'), fileOf('accompaniment')];
  const sessions: InferenceSession[] = [];
  for (const file of files) sessions.push((await openModel(file, { spec, keys: [] })).session);
  return {
    sampleRate: SAMPLE_RATE,
    frameSamples: FRAME_SAMPLES,
    hopSamples: HOP_SAMPLES,
    async voices(whole) {
      const loudness = magnitudes(whole);
      const stems: Float32Array[] = [];
      for (const session of sessions) stems.push(await run(session, loudness));
      return withShares(whole, stems as [Float32Array, Float32Array]);
    },
    async dispose() {
      await Promise.all(sessions.map((session) => session.release()));
    },
  };
}

/** Both channels, windows after windows, filled up with silence. */
function magnitudes({ frames, bins, real, imaginary }: Spectrogram): Float32Array {
  const windows = Math.ceil(frames / WINDOW_FRAMES);
  const channel = windows * WINDOW_FRAMES * WINDOW_BINS;
  const values = new Float32Array(CHANNELS * channel);
  for (let frame = 0; frame < frames; frame++)
    for (let bin = 0; bin < WINDOW_BINS; bin++) {
      const at = frame * bins + bin;
      values[frame * WINDOW_BINS + bin] = Math.hypot(real[at] as number, imaginary[at] as number);
    }
  values.copyWithin(channel, 0, channel);
  return values;
}

/** Mean of both channels, [frames, 1024]. */
async function run(session: InferenceSession, loudness: Float32Array): Promise<Float32Array> {
  const windows = loudness.length / (CHANNELS * WINDOW_FRAMES * WINDOW_BINS);
  const shape = [CHANNELS, windows, WINDOW_FRAMES, WINDOW_BINS];
  const [input = '', output = ''] = [...session.inputNames, ...session.outputNames];
  const results = await session.run({ [input]: new Tensor('float32', loudness, shape) });
  const stem = results[output]?.data as Float32Array;
  const channel = stem.length / CHANNELS;
  return stem
    .subarray(0, channel)
    .map((value, at) => (value + (stem[channel + at] as number)) / CHANNELS);
}

function withShares(whole: Spectrogram, [voices, rest]: [Float32Array, Float32Array]): Spectrogram {
  const { frames, bins } = whole;
  const real = new Float32Array(frames * bins);
  const imaginary = new Float32Array(frames * bins);
  for (let frame = 0; frame < frames; frame++)
    for (let bin = 0; bin < WINDOW_BINS; bin++) {
      const power = (voices[frame * WINDOW_BINS + bin] as number) ** 2;
      const other = (rest[frame * WINDOW_BINS + bin] as number) ** 2;
      const share = (power + LEAST_POWER / 2) / (power + other + LEAST_POWER);
      const at = frame * bins + bin;
      real[at] = share * (whole.real[at] as number);
      imaginary[at] = share * (whole.imaginary[at] as number);
    }
  return { frames, bins, real, imaginary };
}
