import { type Stats, statSync } from 'node:fs';
import Database from 'libsql';
import { damaged, noJobs, notOurs, notUsable, tooNew } from './job-store-error.js';
import { MIGRATIONS } from './migrations.js';
import { openForReading } from './open-for-reading.js';
import { prepareQuery, type Sql } from './sql.js';

/**
 * Looks whether a file is a whole database of ours, without changing anything.
 * @returns The version of its schema; 0 for an empty file, undefined for none
 * @throws JobStoreError
 */
export function checkFile(path: string): number | undefined {
  const file = look(path);
  if (file?.isDirectory()) throw notOurs(path, 'it is a folder');
  if (!file?.size) {
    // The database would be made anew, and what is left of the old one thrown away.
    if (look(`${path}-wal`)?.size) throw damaged(path, `it is empty, but ${path}-wal is not`);
    return file && 0;
  }
  // Somebody died while making the very first entry: reading alone cannot tidy up.
  const isUnfinished = Boolean(look(`${path}-journal`)?.size);
  let sql: Sql | undefined;
  try {
    sql = isUnfinished ? new Database(path) : openForReading(path);
    return checkDatabase(path, sql);
  } catch (error) {
    throw explained(path, error);
  } finally {
    sql?.close();
  }
}

/** Throws JobStoreError if there is no such file. */
export function checkExists(path: string): void {
  if (look(path) === undefined) throw noJobs(path);
}

/** What the database says when it cannot go on, in words for the operator. */
export function explained(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'JobStoreError') return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code?.startsWith('SQLITE_CORRUPT') || code?.startsWith('SQLITE_NOTADB'))
    return damaged(path, error.message, error);
  return notUsable(path, error);
}

function checkDatabase(path: string, sql: Sql): number {
  const check = prepareQuery<{ quick_check: string }>(sql, 'PRAGMA quick_check(1)').first();
  if (check?.quick_check !== 'ok')
    throw damaged(path, (check?.quick_check ?? 'unreadable').replace(/\s+/g, ' '));
  const version =
    prepareQuery<{ user_version: number }>(sql, 'PRAGMA user_version').first()?.user_version ?? 0;
  if (version > MIGRATIONS.length) throw tooNew(path, { found: version, known: MIGRATIONS.length });
  const tables = prepareQuery<{ name: string }>(sql, 'SELECT name FROM sqlite_master');
  if (version === 0 && tables.first() !== undefined)
    throw notOurs(path, 'it is a database of another program');
  return version;
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw notUsable(path, error);
  }
}
