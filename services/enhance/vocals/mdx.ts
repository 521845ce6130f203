import { Tensor } from '#services/onnx/runtime.js';
import { modelFileError } from '../model-file-error.js';
import type { EnhanceEngineSpec } from '../types.js';
import { openModel } from './open-model.js';
import type { Separator } from './separator.js';
import type { Spectrogram } from './spectrogram.js';

/** Real and imaginary parts of two channels. */
const PLANES = 4;
/** Frames at both ends of a window whose neighbours the model did not see. */
const MARGIN_FRAMES = 8;
/** Models of this name give what is left without the voices. */
const GIVES_THE_REST = /inst/i;

/**
 * MDX-Net (Kim and others, KUIELab-MDX-Net, 2021) as the models of Ultimate Vocal Remover have it: spectra of fixed
 * windows, [1, 4, bins, frames] with real and imaginary parts of two channels, in and out. Both channels are the same
 * here; of what comes out the mean is taken. Windows overlap, and of each only the middle is used.
 *
 * @throws WhosaidError `engine_unavailable` for a file that does not fit
 */
export async function createMdx(spec: EnhanceEngineSpec): Promise<Separator> {
  const [file] = spec.modelFiles;
  if (file === undefined) throw modelFileError(spec, '*.onnx', 'is missing');
  const keys = ['sample_rate', 'n_fft', 'hop_length', 'dim_f', 'dim_t', 'dim_c'];
  const { session, metadata } = await openModel(file, { spec, keys });
  const number = (key: string) => Number(metadata.get(key));
  const shape = { bins: number('dim_f'), frames: number('dim_t') };
  const allBins = number('n_fft') / 2 + 1;
  if (number('dim_c') !== PLANES || shape.bins > allBins || shape.frames <= 2 * MARGIN_FRAMES) {
    await session.release();
    throw modelFileError(spec, file, 'has dimensions that no model of its kind has');
  }
  const givesTheRest = GIVES_THE_REST.test(metadata.get('model_name') ?? spec.modelId);
  const [input = '', output = ''] = [...session.inputNames, ...session.outputNames];
  return {
    sampleRate: number('sample_rate'),
    frameSamples: number('n_fft'),
    hopSamples: number('hop_length'),
    async voices(whole) {
      const voices = emptyLike(whole);
      const step = shape.frames - 2 * MARGIN_FRAMES;
      for (let from = 0; from < whole.frames; from += step) {
        const window = { ...shape, first: from - MARGIN_FRAMES };
        const tensor = new Tensor('float32', planesOf(whole, window), [
          1,
          PLANES,
          shape.bins,
          shape.frames,
        ]);
        const { [output]: result } = await session.run({ [input]: tensor });
        const to = Math.min(from + step, whole.frames);
        readPlanes(result?.data as Float32Array, { window, from, to, into: voices });
      }
      return givesTheRest ? difference(whole, voices) : voices;
    },
    dispose: () => session.release(),
  };
}

/** Bins and frames of one call, and the frame of the whole with which it begins, which may be before the first. */
type Window = { readonly bins: number; readonly frames: number; readonly first: number };

function planesOf({ real, imaginary, frames, bins }: Spectrogram, window: Window): Float32Array {
  const plane = window.bins * window.frames;
  const planes = new Float32Array(PLANES * plane);
  for (let at = 0; at < window.frames; at++) {
    const frame = window.first + at;
    if (frame < 0 || frame >= frames) continue;
    for (let bin = 0; bin < window.bins; bin++) {
      const place = bin * window.frames + at;
      planes[place] = real[frame * bins + bin] as number;
      planes[plane + place] = imaginary[frame * bins + bin] as number;
    }
  }
  planes.copyWithin(2 * plane, 0, 2 * plane);
  return planes;
}

function readPlanes(
  planes: Float32Array,
  about: { window: Window; from: number; to: number; into: Spectrogram },
): void {
  const { window, from, to, into } = about;
  const plane = window.bins * window.frames;
  for (let frame = from; frame < to; frame++)
    for (let bin = 0; bin < window.bins; bin++) {
      const place = bin * window.frames + frame - window.first;
      const mean = (part: number) =>
        ((planes[part * plane + place] as number) +
          (planes[(part + 2) * plane + place] as number)) /
        2;
      into.real[frame * into.bins + bin] = mean(0);
      into.imaginary[frame * into.bins + bin] = mean(1);
    }
}

function emptyLike({ frames, bins }: Spectrogram): Spectrogram {
  const size = frames * bins;
  return { frames, bins, real: new Float32Array(size), imaginary: new Float32Array(size) };
}

function difference(whole: Spectrogram, part: Spectrogram): Spectrogram {
  return {
    ...whole,
    real: whole.real.map((value, at) => value - (part.real[at] as number)),
    imaginary: whole.imaginary.map((value, at) => value - (part.imaginary[at] as number)),
  };
}
