import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkExists, checkFile } from './check-file.js';
import { openForReading } from './open-for-reading.js';
import { prepareQuery, type Sql } from './sql.js';

/** What is in a copy. */
export type BackupContents = {
  readonly jobs: number;
  readonly transcripts: number;
  /** Jobs that have not ended: their recordings are elsewhere. */
  readonly open: readonly { readonly id: string; readonly bytes: number }[];
};

/**
 * Makes a copy of the file of jobs as it is at one moment, also while a server works on it, and checks the copy. It is
 * for its owner alone, and on disk when the promise resolves. Rejects with JobStoreError where there are no jobs, and
 * with the system's error (`EEXIST` for a file that is there already: nothing is overwritten).
 */
export async function backUp(path: string, target: string): Promise<BackupContents> {
  checkExists(path);
  checkFile(path);
  const file = await open(target, 'wx', 0o600);
  try {
    const sql = openForReading(path);
    try {
      sql.prepare('VACUUM INTO :target').run({ target: resolve(target) });
    } finally {
      sql.close();
    }
    await file.sync();
    checkFile(target);
    return contentsOf(target);
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

function contentsOf(path: string): BackupContents {
  const sql = openForReading(path);
  try {
    return {
      jobs: count(sql, 'jobs'),
      transcripts: count(sql, 'transcripts'),
      open: prepareQuery<{ id: string; bytes: number }>(
        sql,
        "SELECT id, bytes FROM jobs WHERE status IN ('pending', 'processing') ORDER BY number",
      )
        .all()
        .map(({ id, bytes }) => ({ id, bytes })),
    };
  } finally {
    sql.close();
  }
}

function count(sql: Sql, table: 'jobs' | 'transcripts'): number {
  return prepareQuery<{ count: number }>(sql, `SELECT count(*) AS count FROM ${table}`).first()
    ?.count as number;
}
