import type { ChunkResult } from '#services/transcription/chunk-result.js';
import { mergeChunks } from '#services/transcription/merge-chunks.js';
import { finishJob } from './finish-job.js';
import type { StoredJob } from './job-hash.js';
import type { SharedDeps, WorkDeps } from './work-deps.js';

type Deps = WorkDeps & SharedDeps;

/**
 * Puts the results of all chunks together and ends the job.
 *
 * @param results By channel, then in order of time.
 * @throws What the results and the engines throw; JobGoneError; `signal.reason`
 */
export async function mergeJob(
  {
    job,
    results,
    resultKey,
    signal,
  }: {
    job: StoredJob;
    results: AsyncIterable<ChunkResult>;
    /** What the transcript is kept under for the same recording to come again. */
    resultKey: string | undefined;
    signal: AbortSignal;
  },
  deps: Deps,
): Promise<void> {
  const { id, work } = job;
  const { language } = work.recognition;
  const { speakers, channels } = work;
  const transcript = await mergeChunks(results, {
    request: {
      ...(language !== undefined && { language }),
      ...(speakers && { speakers: speakers.count ? { count: speakers.count } : {} }),
      ...(channels && { channels }),
    },
    known: (await deps.files.voices(id)) ?? [],
    speakers: deps.speakers(),
    signal,
  });
  // Before anybody hears of the end: the same recording, sent then, is answered by it.
  if (resultKey !== undefined) await deps.results?.put(resultKey, transcript, id);
  await finishJob({ id, transcript, signal }, deps);
}
