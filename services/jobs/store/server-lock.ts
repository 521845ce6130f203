import { closeSync, openSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';
import Database from 'libsql';
import { inUse, notUsable } from './job-store-error.js';
import { openForReading } from './open-for-reading.js';
import { prepareChange, prepareQuery, type Sql } from './sql.js';

/**
 * One server at a time works on a file of jobs. The lock is that of an open transaction on an empty database beside it:
 * the system takes it back when the process ends, however it ends, and it works between containers that share a disk.
 * Commands that read or remove jobs meanwhile do not take it.
 */
export type ServerLock = { release(): void };

/** A server that is being replaced may need a moment to be gone. */
const WAIT_MS = 1000;

/** Throws JobStoreError where another process has it. */
export function takeServerLock(path: string): ServerLock {
  const lock = tryServerLock(path);
  if (lock === undefined) throw inUse(path, holderOf(path));
  return lock;
}

/** Whether a server works on the file now. Throws JobStoreError. */
export function isServed(path: string): boolean {
  const lock = tryServerLock(path);
  lock?.release();
  return lock === undefined;
}

function tryServerLock(path: string): ServerLock | undefined {
  const lockPath = `${path}.lock`;
  makePrivateFile(lockPath);
  try {
    const sql = new Database(lockPath);
    sql.exec(`PRAGMA busy_timeout = ${WAIT_MS}; BEGIN IMMEDIATE;`);
    return {
      release() {
        sql.exec('ROLLBACK');
        sql.close();
      },
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'SQLITE_BUSY') return undefined;
    throw notUsable(lockPath, error);
  }
}

/** Writes down whose lock it is. */
export function nameServer(sql: Sql): void {
  prepareChange(
    sql,
    'INSERT OR REPLACE INTO server (only, pid, host, since) VALUES (1, :pid, :host, :since)',
  )({ pid: process.pid, host: hostname(), since: Date.now() });
}

/** The server has done all it had to do: a file in which one is still named was left by one that was killed. */
export function unnameServer(sql: Sql): void {
  prepareChange(sql, 'DELETE FROM server')();
}

/**
 * Makes a file that only its owner may read, if it is not there. One that is there is not even opened: closing it would
 * take away the locks that this process has on it. Throws JobStoreError.
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notUsable(path, error);
  }
}

/** For a message alone: what cannot be found out is left away. */
function holderOf(path: string): string | undefined {
  try {
    const sql = openForReading(path);
    const row = prepareQuery<{ pid: number; host: string; since: number }>(
      sql,
      'SELECT pid, host, since FROM server',
    ).first();
    sql.close();
    return row && `process ${row.pid} on ${row.host}, since ${new Date(row.since).toISOString()}`;
  } catch {
    return undefined;
  }
}
