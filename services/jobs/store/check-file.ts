import { type Stats, statSync } from 'node:fs';
import Database from 'libsql';
import { damaged, noJobs, notOurs, notUsable, tooNew } from './job-store-error.js';
import { MIGRATIONS } from './migrations.js';
import { openForReading } from './open-for-reading.js';
import { prepareQuery, type Sql } from './sql.js';

/**
 * Looks whether a file is a whole database of ours, without changing anything. All of it is read, but for a file of more
 * than `mostReadBytes` whose server has closed it: of that one no more than its beginning.
 * @returns The version of its schema; 0 for an empty file, undefined for none
 * @throws JobStoreError
 */
export function checkFile(
  path: string,
  { mostReadBytes = Number.POSITIVE_INFINITY }: { readonly mostReadBytes?: number } = {},
): number | undefined {
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
    const isRead = file.size <= mostReadBytes || !wasClosed(path, sql);
    return checkDatabase(path, sql, { isRead });
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
  if (/^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)/.test(code ?? ''))
    return damaged(path, error.message, error);
  return notUsable(path, error);
}

/** Whether the last server took its leave, and nobody has written since. */
function wasClosed(path: string, sql: Sql): boolean {
  if (look(`${path}-wal`)?.size) return false;
  const tables = prepareQuery(sql, "SELECT name FROM sqlite_master WHERE name = 'server'");
  if (tables.first() === undefined) return false;
  return prepareQuery(sql, 'SELECT pid FROM server').first() === undefined;
}

function checkDatabase(path: string, sql: Sql, { isRead }: { readonly isRead: boolean }): number {
  // One that is too short says so as soon as anything is read.
  if (isRead) readAll(path, sql);
  const version =
    prepareQuery<{ user_version: number }>(sql, 'PRAGMA user_version').first()?.user_version ?? 0;
  if (version > MIGRATIONS.length) throw tooNew(path, { found: version, known: MIGRATIONS.length });
  const tables = prepareQuery<{ name: string }>(sql, 'SELECT name FROM sqlite_master');
  if (version === 0 && tables.first() !== undefined)
    throw notOurs(path, 'it is a database of another program');
  return version;
}

function readAll(path: string, sql: Sql): void {
  const check = prepareQuery<{ quick_check: string }>(sql, 'PRAGMA quick_check(1)').first();
  if (check?.quick_check === 'ok') return;
  throw damaged(path, (check?.quick_check ?? 'unreadable').replace(/\s+/g, ' '));
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw notUsable(path, error);
  }
}
