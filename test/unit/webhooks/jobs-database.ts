import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type JobDatabase, openJobDatabase } from '#services/jobs/store/job-database.js';
import type { Job } from '#services/jobs/types.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from '../../support/paths.js';
import { endedJob } from './jobs.js';

export type TestDatabase = JobDatabase & {
  /** A job that has just ended, and whose webhook is to be told. @returns its id */
  end(webhookUrl: string, at?: number): string;
  job(id: string): Job;
  removeAll(): Promise<void>;
};

/** A database of jobs in a folder of its own. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const folder = await testFolder();
  const path = join(folder.path, 'jobs.sqlite');
  const database = openJobDatabase({ path, logger: silentLogger });
  return {
    ...database,
    end(webhookUrl, at = Date.now()) {
      const { owner, fileName, bytes, work, rendering } = endedJob();
      const id = randomUUID();
      const place = { folder: folder.path, file: 'recording' };
      const about = { owner, fileName, bytes, work, rendering, webhookUrl, ...place };
      database.insert({ ...about, id, createdAt: at });
      database.settle(id, { from: ['pending'], to: 'cancelled', at });
      return id;
    },
    job: (id) => database.find(id) as Job,
    async removeAll() {
      database.close();
      await folder.remove();
    },
  };
}
