import { createRequire } from 'node:module';
import { join } from 'node:path';
import { sherpaProvider } from '#services/devices/in-use.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import { modelFileError } from '../model-file-error.js';
import type { EnhanceEngine, EnhanceEngineSpec } from '../types.js';
import { checkDenoiser, type DenoiserFamily } from './check-denoiser.js';
import { mixBack } from './mix-back.js';

/** The part of sherpa-onnx-node that is used here; the package has no types of its own. */
type Sherpa = {
  readonly OfflineSpeechDenoiser: new (
    config: unknown,
  ) => {
    run(audio: { samples: Float32Array; sampleRate: number; enableExternalBuffer: boolean }): {
      readonly samples: Float32Array;
    };
  };
};

/** Shorter audio than this gives the models' spectra no frame, and none at all ends the process. */
const LEAST_SAMPLES = SAMPLE_RATE / 10;

/** Noise is turned down by 10 dB at most. */
const ORIGINAL_SHARE = 0.3;

/**
 * Loads a denoiser that sherpa-onnx knows: GTCRN (Rong and others, ICASSP 2024) or DPDFNet. Both put a mask on the
 * spectrum, frame by frame and from left to right, so what comes out lies where it was.
 *
 * @throws WhosaidError `engine_unavailable` for a file that is not what sherpa-onnx needs
 */
export async function createDenoiser(spec: EnhanceEngineSpec): Promise<EnhanceEngine> {
  const { family, modelDir, modelFiles, threads } = spec;
  const [file] = modelFiles;
  if (file === undefined) throw modelFileError(spec, '*.onnx', 'is missing');
  const model = join(modelDir, file);
  const hop = await checkDenoiser(model, { family: family as DenoiserFamily, spec });
  const { OfflineSpeechDenoiser }: Sherpa = createRequire(import.meta.url)('sherpa-onnx-node');
  const denoiser = new OfflineSpeechDenoiser({
    model: { [family]: { model }, numThreads: threads, provider: sherpaProvider(), debug: 0 },
  });
  return {
    async enhance(samples) {
      const { length } = samples;
      // What comes out is cut to whole frames.
      const padded = new Float32Array(Math.max(LEAST_SAMPLES, Math.ceil(length / hop + 1) * hop));
      padded.set(samples);
      const found = denoiser.run({
        samples: padded,
        sampleRate: SAMPLE_RATE,
        enableExternalBuffer: false,
      });
      const enhanced = new Float32Array(length);
      enhanced.set(found.samples.subarray(0, length));
      return mixBack({ enhanced, original: samples }, ORIGINAL_SHARE);
    },
    async dispose() {
      // sherpa-onnx frees it with the process.
    },
  };
}
