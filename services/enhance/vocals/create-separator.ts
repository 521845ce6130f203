import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import type { EnhanceEngine, EnhanceEngineSpec } from '../types.js';
import { createMdx } from './mdx.js';
import { Resampler } from './resample.js';
import { SpectrogramTransform } from './spectrogram.js';
import { createSpleeter } from './spleeter.js';

/**
 * Loads a model that separates voices from music. These are made for stereo at 44.1 kHz: samples are converted to their
 * rate and back.
 *
 * @throws WhosaidError `engine_unavailable` for files that do not fit
 */
export async function createVocalSeparator(spec: EnhanceEngineSpec): Promise<EnhanceEngine> {
  const separator = await (spec.family === 'mdx' ? createMdx(spec) : createSpleeter(spec));
  const { sampleRate } = separator;
  const transform = new SpectrogramTransform(separator);
  const up = new Resampler({ fromHertz: SAMPLE_RATE, toHertz: sampleRate });
  const down = new Resampler({ fromHertz: sampleRate, toHertz: SAMPLE_RATE });
  return {
    async enhance(samples) {
      const wide = up.run(samples);
      const voices = await separator.voices(transform.forward(wide));
      return down.run(transform.inverse(voices, wide.length)).slice(0, samples.length);
    },
    dispose: () => separator.dispose(),
  };
}
