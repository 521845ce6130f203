import { isFinal, JOB_STATUSES, type Job } from '#services/jobs/types.js';
import { seconds } from '#utils/formats/numbers.js';
import { progressOf, unixSeconds } from './job-object.js';

/** The jobs of one batch, summed up. There is at least one. */
export function batchObject(id: string, jobs: readonly Job[]) {
  const counts = Object.fromEntries(
    JOB_STATUSES.map((status) => [status, jobs.filter((job) => job.status === status).length]),
  );
  const done = jobs.map((job) => (isFinal(job.status) ? 1 : progressOf(job)));
  return {
    id,
    object: 'transcription.batch',
    created_at: unixSeconds(Math.min(...jobs.map(({ createdAt }) => createdAt))),
    // Null until the last of them has ended.
    completed_at: completedAt(jobs),
    counts: { total: jobs.length, ...counts },
    progress: Math.floor((1000 * sum(done)) / jobs.length) / 1000,
    audio_seconds: seconds(sum(jobs.map(({ audioSeconds }) => audioSeconds))),
    links: batchLinks(id),
  };
}

/** Paths of what belongs to a batch. */
export function batchLinks(id: string) {
  return { self: `/v1/audio/jobs/batch/${id}`, jobs: `/v1/audio/jobs?batch=${id}` };
}

function completedAt(jobs: readonly Job[]): number | null {
  const ends = jobs.map(({ endedAt }) => endedAt);
  return ends.includes(undefined) ? null : unixSeconds(Math.max(...(ends as number[])));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
