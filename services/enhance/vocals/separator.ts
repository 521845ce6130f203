import type { InferenceSession } from '#services/onnx/runtime.js';
import type { Spectrogram, SpectrogramOptions } from './spectrogram.js';

/** What a separation model makes of a recording's spectrogram. */
export type Separator = SpectrogramOptions & {
  readonly sampleRate: number;
  /** Of the voices in it. Its length is that of the input. */
  voices(spectrogram: Spectrogram): Promise<Spectrogram>;
  dispose(): Promise<void>;
};

/** Model files that were read and found right, open. */
export type OpenModel = {
  readonly session: InferenceSession;
  readonly metadata: ReadonlyMap<string, string>;
};
