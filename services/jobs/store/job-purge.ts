import { statSync } from 'node:fs';
import type { Logger } from '#utils/logging/logger.js';
import type { JobStatus } from '../types.js';
import { openAsTool } from './open-file.js';
import { isServed } from './server-lock.js';
import { inTransaction, prepareChange, prepareQuery, type Query, type Sql } from './sql.js';

/** Which jobs are to go. */
export type JobSelection =
  | { readonly id: string }
  | { readonly owners: readonly string[] }
  /** Milliseconds since 1970. */
  | { readonly endedBefore: number };

export type SelectedJob = { readonly id: string; readonly status: JobStatus };

/**
 * Removes jobs for good, also while a server works on them: it finds them gone, which is no error (`settle` gives false,
 * `begin` undefined, `tell` and `putChunk` do nothing).
 */
export type JobPurge = {
  /** Oldest first. */
  select(selection: JobSelection): SelectedJob[];
  /** False where there is none, any more. */
  remove(id: string): boolean;
  /** Gives how many transcripts were in it. */
  emptyCache(): number;
  /**
   * Writes the whole file anew, so that nothing is left of what was removed: pages keep copies of what moved to other
   * pages. Others who want to write wait meanwhile, seconds for 100 MB.
   */
  wipe(): WipeResult;
  close(): void;
};

/**
 * `read`: the write-ahead log could not be emptied because somebody kept reading. `served`: nothing was done, because a
 * server works on the file, which is so large that it would answer nobody for too long.
 */
export type WipeResult = 'wiped' | 'read' | 'served';

/** A server does nothing else while it waits. Two seconds on a slow disk. */
const MOST_SERVED_BYTES = 64 * 1024 * 1024;

/** Throws JobStoreError. */
export function openJobPurge(options: {
  readonly path: string;
  readonly logger: Logger;
  /** The largest file that is written anew while a server works on it. Default 64 MiB. */
  readonly mostServedBytes?: number;
}): JobPurge {
  const { path, mostServedBytes = MOST_SERVED_BYTES } = options;
  const { sql, close } = openAsTool(options);
  const remove = prepareChange(sql, 'DELETE FROM jobs WHERE id = :id');
  const emptyCache = prepareChange(sql, 'DELETE FROM cache');
  return {
    select: prepareSelect(sql),
    remove: (id) => inTransaction(sql, () => remove({ id }) > 0),
    emptyCache: () => emptyCache(),
    wipe() {
      if (statSync(path).size > mostServedBytes && isServed(path)) return 'served';
      sql.exec('VACUUM');
      const done = prepareQuery<{ busy: number }>(sql, 'PRAGMA wal_checkpoint(TRUNCATE)').first();
      return done?.busy === 0 ? 'wiped' : 'read';
    },
    close,
  };
}

function prepareSelect(sql: Sql): JobPurge['select'] {
  const by = (condition: string): Query<SelectedJob> =>
    prepareQuery(sql, `SELECT id, status FROM jobs WHERE ${condition} ORDER BY number`);
  const byId = by('id = :id');
  const byOwner = by('owner IN (SELECT value FROM json_each(:owners))');
  const byEnd = by('ended_at < :endedBefore');
  const rowsOf = (selection: JobSelection): SelectedJob[] => {
    if ('id' in selection) return byId.all({ id: selection.id });
    if ('owners' in selection) return byOwner.all({ owners: JSON.stringify(selection.owners) });
    return byEnd.all({ endedBefore: selection.endedBefore });
  };
  return (selection) => rowsOf(selection).map(({ id, status }) => ({ id, status }));
}
