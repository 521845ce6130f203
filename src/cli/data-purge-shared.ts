import type { Settings } from '#config/settings.js';
import { SharedPurge } from '#services/jobs/redis/purge-jobs.js';
import { openSharedFiles } from '../open-shared-jobs.js';
import type { PurgeTarget } from './data-purge-target.js';
import { UsageError } from './report-failure.js';

const LEFT =
  'Redis may still have what was deleted in its files, until it writes them anew: have it do so with BGREWRITEAOF (append-only file) or BGSAVE (snapshots).';

/** Jobs that many machines share. Throws UsageError and SettingsError. */
export async function openSharedTarget(settings: Settings, url: string): Promise<PurgeTarget> {
  const purge = new SharedPurge({ url, blobs: await openSharedFiles(settings) });
  if (!(await purge.connect())) {
    await purge.close();
    throw new UsageError(
      'The Redis of QUEUE_URL cannot be reached. Nothing was deleted. Start it, or correct QUEUE_URL, and try again.',
    );
  }
  return {
    select: (selection) => purge.select(selection),
    hasFiles: (id) => purge.hasFiles(id),
    remove: (id) => purge.remove(id),
    emptyCache: () => purge.emptyCache(),
    async wipe() {
      const isWiped = await purge.wipe().catch((cause: Error) => {
        throw new UsageError(`${LEFT} (${cause.message})`, { cause });
      });
      if (!isWiped) throw new UsageError(`${LEFT} (It has not finished doing so yet.)`);
    },
    close: () => purge.close(),
  };
}
