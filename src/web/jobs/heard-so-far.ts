import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../api/api-error.js';
import { jobEvents } from '../api/job-events.js';
import type { HeardSegment } from '../api/types.js';
import { askNow } from './follow-jobs.js';

const PAUSE_MS = 2000;
/** A day of speech has too many for a list that nobody reads. */
const MOST_SHOWN = 200;

/** The last things that are said in a job that is being worked on, as they become known. */
export function useHeardSoFar(id: string) {
  const segments = useSignal<readonly HeardSegment[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    void listen(id, {
      signal: leaving.signal,
      onSegment: (segment) => {
        segments.value = [...segments.value.slice(1 - MOST_SHOWN), segment];
      },
    });
    return () => leaving.abort();
  }, [id, segments]);
  return segments;
}

type ListenOptions = {
  readonly signal: AbortSignal;
  readonly onSegment: (segment: HeardSegment) => void;
};

/** Follows the events until the job has ended, through restarts of the server and broken connections. */
async function listen(id: string, { signal, onSegment }: ListenOptions): Promise<void> {
  let after = 0;
  while (!signal.aborted) {
    try {
      for await (const { number, event } of jobEvents(id, { after, signal })) {
        after = number;
        if (event.type === 'job.segment') onSegment(event);
        if (event.type !== 'job.status') continue;
        askNow();
        if (event.status !== 'pending' && event.status !== 'processing') return;
      }
    } catch (error) {
      if (signal.aborted || (error instanceof ApiError && !error.isTemporary)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
