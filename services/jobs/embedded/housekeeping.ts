import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeSafely } from '#services/temp/remove-safely.js';
import type { Logger } from '#utils/logging/logger.js';
import type { JobDatabase } from '../store/job-database.js';
import { isFinal } from '../types.js';

export type HousekeepingOptions = {
  /** Holds a folder for each job that has not ended. */
  readonly folder: string;
  readonly database: JobDatabase;
  /** 0 keeps jobs for ever. */
  readonly retentionHours: number;
  readonly logger: Logger;
  /** Removes everything about a job. */
  readonly forget: (id: string) => Promise<void>;
};

const EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;
const AT_ONCE = 100;

/**
 * Removes folders that a process left which ended between two steps, then, now and every minute, the jobs whose time is
 * over. @returns What ends it; it resolves when nothing is being removed.
 */
export async function startHousekeeping(
  options: HousekeepingOptions,
): Promise<() => Promise<void>> {
  const { database, retentionHours, logger, forget } = options;
  await removeOrphans(options);
  const removeOld = async (): Promise<void> => {
    if (retentionHours === 0) return;
    for (;;) {
      const old = database.endedBefore(Date.now() - retentionHours * HOUR_MS, AT_ONCE);
      for (const id of old) await forget(id);
      if (old.length < AT_ONCE) return;
    }
  };
  let removing = Promise.resolve();
  const clean = (): void => {
    removing = removing
      .then(removeOld)
      .catch((error: unknown) => logger.error('Old jobs could not be removed', { error }));
  };
  clean();
  const timer = setInterval(clean, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return removing;
  };
}

async function removeOrphans({ folder, database, logger }: HousekeepingOptions): Promise<void> {
  let removed = 0;
  for (const name of await readdir(folder)) {
    const job = database.find(name);
    if (job !== undefined && !isFinal(job.status)) continue;
    if ((await removeSafely(join(folder, name))) === undefined) removed += 1;
  }
  if (removed > 0) logger.info('Removed recordings that no job needs', { removed });
}
