import { join } from 'node:path';
import { cacheKey } from '#services/transcription/cache-key.js';
import type { Transcript } from '#utils/transcript/types.js';
import { requestOfWork } from '../request-of-work.js';
import type { StoredJob } from './job-hash.js';
import type { SharedDeps, WorkDeps } from './work-deps.js';

/**
 * What an earlier job or request has made of the same audio with the same options, and the key to keep it under; nothing
 * where results are not kept. It costs decoding the recording once.
 *
 * @throws What the decoder throws; `signal.reason`
 */
export async function keptResult(
  { job, folder, signal }: { job: StoredJob; folder: string; signal: AbortSignal },
  deps: WorkDeps & SharedDeps,
): Promise<{ readonly key?: string; readonly transcript?: Transcript | undefined }> {
  const { decoder, chunkSeconds, chunkOverlapSeconds, keepResults, results } = deps;
  if (keepResults === undefined || results === undefined) return {};
  const { owner, work, file } = job;
  const key = await cacheKey({
    request: requestOfWork(work, { path: join(folder, file), folder, signal }),
    deps: { decoder, chunkSeconds, chunkOverlapSeconds, speech: speechHere(work.model, deps) },
    owner,
    model: work.model,
    version: keepResults.version,
  });
  return { key, transcript: await results.get(key) };
}

/** Undefined where only others have the model. */
function speechHere(model: string, { speech }: Pick<WorkDeps, 'speech'>) {
  try {
    return speech(model);
  } catch {
    return undefined;
  }
}
