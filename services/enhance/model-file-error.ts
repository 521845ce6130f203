import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { EnhanceEngineSpec } from './types.js';

/** For a model of which a file cannot be used; `problem` follows the file's name in a sentence. */
export function modelFileError(
  { modelId }: Pick<EnhanceEngineSpec, 'modelId'>,
  file: string,
  problem: string,
): WhosaidError {
  const reason = `the file '${file}' of model '${modelId}' ${problem}; delete it and run './bin/whosaid models pull ${modelId}'`;
  return new WhosaidError('engine_unavailable', { reason });
}
