import type { Segment, Transcript } from '#utils/transcript/types.js';
import type { JobNews } from '../types.js';
import { JobGoneError } from './job-gone-error.js';
import type { SharedDeps } from './work-deps.js';

/** Segments that are told at once. */
const MOST_NEWS = 500;

export type FinishOptions = {
  readonly id: string;
  readonly transcript: Transcript;
  /** It is that of an earlier job or request. */
  readonly fromCache?: boolean;
  readonly signal: AbortSignal;
};

/**
 * Keeps the transcript, tells what is in it and ends the job. What is told before its end is told once, whoever begins
 * again.
 *
 * @throws JobGoneError; `signal.reason`; what the shared files and Redis throw
 */
export async function finishJob(
  { id, transcript, fromCache = false, signal }: FinishOptions,
  { files, state }: Pick<SharedDeps, 'files' | 'state'>,
): Promise<void> {
  await files.putTranscript(id, transcript);
  const news = newsOf(transcript);
  for (let at = 0; at < news.length; at += MOST_NEWS) {
    signal.throwIfAborted();
    if (!(await state.tell(id, news.slice(at, at + MOST_NEWS)))) throw new JobGoneError();
  }
  if (!(await state.settle(id, { from: ['processing'], to: 'completed', fromCache })))
    throw new JobGoneError();
}

function newsOf({ segments, duration }: Transcript): JobNews[] {
  const told = segments.map(newsOfSegment);
  return [...told, { type: 'progress', audioSeconds: duration, totalSeconds: duration }];
}

function newsOfSegment({ id, start, end, text, speaker }: Segment): JobNews {
  return { type: 'segment', id, start, end, text, ...(speaker !== undefined && { speaker }) };
}
