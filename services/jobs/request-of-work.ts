import { join } from 'node:path';
import type { TranscribeRequest } from '#services/transcription/types.js';
import type { JobWork } from './types.js';

/** What a job asks of the pipeline. `folder` holds the samples of known voices. */
export function requestOfWork(
  { recognition, speakers, channels, enhance }: JobWork,
  { path, folder, signal }: { path: string; folder: string; signal: AbortSignal },
): TranscribeRequest {
  const known = speakers?.known?.map(({ name, file }) => ({ name, path: join(folder, file) }));
  return {
    ...recognition,
    path,
    signal,
    ...(channels && { channels }),
    ...(enhance && { enhance }),
    ...(speakers && {
      speakers: { ...(speakers.count && { count: speakers.count }), ...(known && { known }) },
    }),
  };
}
