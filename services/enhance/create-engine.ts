import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { createDenoiser } from './denoise/create-denoiser.js';
import type { EnhanceEngine, EnhanceEngineSpec } from './types.js';
import { createVocalSeparator } from './vocals/create-separator.js';

const CREATORS: Readonly<Record<string, (spec: EnhanceEngineSpec) => Promise<EnhanceEngine>>> = {
  gtcrn: createDenoiser,
  dpdfnet: createDenoiser,
  mdx: createVocalSeparator,
  spleeter: createVocalSeparator,
};

/**
 * Loads a model that enhances sound into this process. Call it in an engine host only: native inference can end the
 * process.
 *
 * @throws WhosaidError `engine_unavailable` for a family without an engine and for files that do not fit
 */
export async function createEnhanceEngine(spec: EnhanceEngineSpec): Promise<EnhanceEngine> {
  const create = CREATORS[spec.family];
  if (create) return create(spec);
  const known = Object.keys(CREATORS).join(', ');
  const reason = `the family '${spec.family}' of model '${spec.modelId}' has no engine; known: ${known}`;
  throw new WhosaidError('engine_unavailable', { reason });
}
