import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type JobDatabase, openJobDatabase } from '#services/jobs/store/job-database.js';
import type { Job, NewJob } from '#services/jobs/types.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from '../../../support/paths.js';

/** A job as a client would make it. */
export function newJob(more: Partial<NewJob> = {}): NewJob {
  return {
    owner: 'anyone',
    fileName: 'meeting.mp3',
    folder: '/nowhere',
    file: 'recording',
    bytes: 1000,
    work: { model: 'moonshine-base-en', recognition: { language: 'en' } },
    rendering: {
      format: 'json',
      granularities: ['segment'],
      logprobs: false,
      speakerDetail: false,
      languages: false,
    },
    ...more,
  };
}

/** Opens a new database in a folder of its own, and removes both after the work. */
export async function withDatabase(
  work: (jobs: JobDatabase, path: string) => void | Promise<void>,
): Promise<void> {
  const folder = await testFolder();
  const path = join(folder.path, 'jobs.sqlite');
  const jobs = openJobDatabase({ path, logger: silentLogger });
  try {
    await work(jobs, path);
  } finally {
    jobs.close();
    await folder.remove();
  }
}

let clock = 1_000_000;

/** Inserts a job, each a second after the one before. */
export function insert(jobs: JobDatabase, more: Partial<NewJob & { createdAt: number }> = {}): Job {
  clock += 1000;
  const { createdAt = clock, ...job } = more;
  return jobs.insert({ ...newJob(job), id: randomUUID(), createdAt }).job;
}
