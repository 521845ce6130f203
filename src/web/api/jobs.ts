import type { TranscriptDocument } from '#utils/transcript/document.js';
import { requestJson } from './request.js';
import type { Job, JobList } from './types.js';

/** The most that the API gives at a time. */
const PAGE_SIZE = 100;

/** The newest jobs of this key, as many pages of them as are wanted. */
export async function listJobs(pages: number, signal?: AbortSignal): Promise<JobList> {
  const jobs: Job[] = [];
  let hasMore = true;
  for (let page = 0; page < pages && hasMore; page += 1) {
    const last = jobs.at(-1)?.id;
    const after = last === undefined ? '' : `&after=${last}`;
    const list: JobList = await requestJson(`audio/jobs?limit=${PAGE_SIZE}${after}`, {
      ...(signal && { signal }),
    });
    jobs.push(...list.data);
    hasMore = list.has_more;
  }
  return { data: jobs, has_more: hasMore };
}

export function getJob(id: string, signal?: AbortSignal): Promise<Job> {
  return requestJson(`audio/jobs/${id}`, { ...(signal && { signal }) });
}

export function cancelJob(id: string): Promise<Job> {
  return requestJson(`audio/jobs/${id}/cancel`, { method: 'POST' });
}

export function deleteJob(id: string): Promise<unknown> {
  return requestJson(`audio/jobs/${id}`, { method: 'DELETE' });
}

/** The transcript of a completed job with all that is known of it. */
export function getTranscript(id: string, signal?: AbortSignal): Promise<TranscriptDocument> {
  return requestJson(`audio/jobs/${id}/transcript`, { ...(signal && { signal }) });
}
