import type { ChunkResult } from '#services/transcription/chunk-result.js';
import { mergeChunks } from '#services/transcription/merge-chunks.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';
import type { JobNews } from '../types.js';
import { JobGoneError } from './job-gone-error.js';
import type { StoredJob } from './job-hash.js';
import type { SharedDeps, WorkDeps } from './work-deps.js';

type Deps = WorkDeps & SharedDeps;

/** Segments that are told at once. */
const MOST_NEWS = 500;

/**
 * Puts the results of all chunks together and ends the job. What is told before its end is told once, whoever begins
 * again.
 *
 * @param results By channel, then in order of time.
 * @throws What the results and the engines throw; JobGoneError; `signal.reason`
 */
export async function mergeJob(
  {
    job,
    results,
    signal,
  }: { job: StoredJob; results: AsyncIterable<ChunkResult>; signal: AbortSignal },
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
  await deps.files.putTranscript(id, transcript);
  const news = newsOf(transcript);
  for (let at = 0; at < news.length; at += MOST_NEWS) {
    signal.throwIfAborted();
    if (!(await deps.state.tell(id, news.slice(at, at + MOST_NEWS)))) throw new JobGoneError();
  }
  if (!(await deps.state.settle(id, { from: ['processing'], to: 'completed' })))
    throw new JobGoneError();
}

function newsOf({ segments, duration }: Transcript): JobNews[] {
  const told = segments.map(newsOfSegment);
  return [...told, { type: 'progress', audioSeconds: duration, totalSeconds: duration }];
}

function newsOfSegment({ id, start, end, text, speaker }: Segment): JobNews {
  return { type: 'segment', id, start, end, text, ...(speaker !== undefined && { speaker }) };
}
