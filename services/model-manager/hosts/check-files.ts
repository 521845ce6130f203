import { access, constants } from 'node:fs/promises';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { ModelFilePath } from '../protocol.js';

/**
 * Native libraries answer a missing file by ending the process, so look before they do.
 * Throws `engine_unavailable`, which names the command that fetches the file's model.
 */
export async function checkFiles(files: readonly ModelFilePath[]): Promise<void> {
  for (const { modelId, path } of files)
    await access(path, constants.R_OK).catch((cause: unknown) => {
      const pull = `run './bin/whosaid models pull ${modelId}'`;
      const reason = `a file of model '${modelId}' is missing or cannot be read; ${pull}`;
      throw new WhosaidError('engine_unavailable', { reason }, { cause });
    });
}
