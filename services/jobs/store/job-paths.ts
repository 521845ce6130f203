import { join } from 'node:path';

/** Where jobs are in DATA_DIR. */
export type JobPaths = {
  /** The file with all that is known about them. */
  readonly database: string;
  /** The folder of folders, each called like its job: the recordings of jobs that have not ended. */
  readonly recordings: string;
};

export function jobPaths(dataDir: string): JobPaths {
  return { database: join(dataDir, 'jobs.sqlite'), recordings: join(dataDir, 'jobs') };
}
