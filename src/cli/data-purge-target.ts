import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '#config/settings.js';
import { jobPaths } from '#services/jobs/store/job-paths.js';
import {
  type JobSelection,
  openJobPurge,
  type SelectedJob,
  type WipeResult,
} from '#services/jobs/store/job-purge.js';
import { removeSafely } from '#services/temp/remove-safely.js';
import { silentLogger } from '#utils/logging/logger.js';
import { UsageError } from './report-failure.js';
import { say } from './say.js';

type Awaitable<Value> = Value | Promise<Value>;

/** What jobs are deleted from: of one machine, or of many. */
export type PurgeTarget = {
  /** Oldest first. */
  select(selection: JobSelection): Awaitable<readonly SelectedJob[]>;
  /** A process that was killed may have left them alone. */
  hasFiles(id: string): Awaitable<boolean>;
  /** Everything about it. */
  remove(id: string): Promise<void>;
  /** Gives how many transcripts the result cache held. */
  emptyCache(): Awaitable<number>;
  /** Lets nothing be found of it in files of the store. Throws UsageError. */
  wipe(): Promise<void>;
  close(): Awaitable<void>;
};

/** Throws UsageError, SettingsError and JobStoreError. */
export async function openPurgeTarget(settings: Settings): Promise<PurgeTarget> {
  const { queueUrl } = settings;
  if (queueUrl === null) return ownTarget(settings);
  // Loaded only where it is used.
  const { openSharedTarget } = await import('./data-purge-shared.js');
  return openSharedTarget(settings, queueUrl);
}

function ownTarget({ dataDir }: Settings): PurgeTarget {
  const { database, recordings } = jobPaths(dataDir);
  const purge = openJobPurge({ path: database, logger: silentLogger });
  return {
    ...purge,
    hasFiles: (id) => existsSync(join(recordings, id)),
    /** Rows first: the server notices by them that a job is gone. */
    async remove(id) {
      purge.remove(id);
      const folder = join(recordings, id);
      const code = await removeSafely(folder);
      if (code === undefined) return;
      process.exitCode = 1;
      say(
        `${folder} could not be removed (${code}). Remove it, or start the server again: it does.`,
      );
    },
    /** Deleting does not yet mean that nothing can be found in the files. */
    async wipe() {
      const left = `Traces of what was deleted may be left in ${database}.`;
      const command = "'whosaid data purge --cache --yes', which wipes them, too";
      const again = `${left} See that the disk has room for a copy of it, and run ${command}.`;
      let result: WipeResult;
      try {
        result = purge.wipe();
      } catch (cause) {
        throw new UsageError(`${again} (${(cause as Error).message})`, { cause });
      }
      if (result === 'read')
        throw new UsageError(`${again} (Somebody was reading in it all the time.)`);
      if (result === 'wiped') return;
      throw new UsageError(
        `${left} It is so large that the server would answer nobody while it is written anew: when the server is stopped, run ${command}.`,
      );
    },
  };
}
