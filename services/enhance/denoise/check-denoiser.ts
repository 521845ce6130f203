import { basename } from 'node:path';
import { type OnnxOutline, readOnnxOutline } from '#services/onnx/outline.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import { modelFileError } from '../model-file-error.js';
import type { EnhanceEngineSpec } from '../types.js';

export type DenoiserFamily = 'gtcrn' | 'dpdfnet';

/** What sherpa-onnx reads of each family's metadata; it ends the process where one is missing. */
const METADATA: Readonly<Record<DenoiserFamily, readonly string[]>> = {
  gtcrn: [
    'sample_rate',
    'n_fft',
    'hop_length',
    'window_length',
    'window_type',
    'version',
    'conv_cache_shape',
    'tra_cache_shape',
    'inter_cache_shape',
  ],
  dpdfnet: [
    'profile',
    'sample_rate',
    'n_fft',
    'hop_length',
    'window_length',
    'window_type',
    'pad_mode',
    'freq_bins',
    'erb_bins',
    'spec_bins',
    'state_size',
    'erb_norm_state_size',
    'spec_norm_state_size',
    'erb_norm_init',
    'spec_norm_init',
  ],
};

const OUTPUTS: Readonly<Record<DenoiserFamily, number>> = { gtcrn: 4, dpdfnet: 2 };

/**
 * Reads what sherpa-onnx would read of a denoiser's file, which ends the process over one that does not fit.
 *
 * @returns Samples from one frame of the model to the next: what comes out is a multiple of it.
 * @throws WhosaidError `engine_unavailable`, which says what is wrong with the file
 */
export async function checkDenoiser(
  path: string,
  { family, spec }: { readonly family: DenoiserFamily; readonly spec: EnhanceEngineSpec },
): Promise<number> {
  const fail = (problem: string) => modelFileError(spec, basename(path), problem);
  let outline: OnnxOutline;
  try {
    outline = await readOnnxOutline(path);
  } catch (thrown) {
    throw fail(`cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
  const { metadata, outputs } = outline;
  const missing = METADATA[family].filter((key) => !metadata.has(key));
  if (missing.length > 0) throw fail(`lacks the metadata ${missing.join(', ')}`);
  if (outputs.length !== OUTPUTS[family])
    throw fail(`has ${outputs.length} outputs, not ${OUTPUTS[family]}`);
  const type = metadata.get('model_type') ?? family;
  if (type !== family) throw fail(`is a model of the type '${type}', not '${family}'`);
  const rate = Number(metadata.get('sample_rate'));
  if (rate !== SAMPLE_RATE) throw fail(`is made for ${rate} Hz, not for ${SAMPLE_RATE} Hz`);
  const hop = Number(metadata.get('hop_length'));
  if (!Number.isInteger(hop) || hop < 1) throw fail(`says hop_length=${hop}`);
  return hop;
}
