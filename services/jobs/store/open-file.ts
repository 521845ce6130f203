import Database from 'libsql';
import type { Logger } from '#utils/logging/logger.js';
import { checkExists, checkFile, explained } from './check-file.js';
import { notUsable } from './job-store-error.js';
import { migrate } from './migrate.js';
import { MIGRATIONS } from './migrations.js';
import { makePrivateFile, nameServer, takeServerLock } from './server-lock.js';
import { prepareQuery, type Sql } from './sql.js';

export type OpenFileOptions = {
  readonly path: string;
  readonly logger: Logger;
};

export type OpenedFile = {
  readonly sql: Sql;
  /** Idempotent. */
  close(): void;
};

/** A purge writes the whole file anew, and others wait for it: they are not to fail. */
const BUSY_MS = 60_000;
const CLOSING_MS = 1000;
const KEPT_LOG_BYTES = 64 * 1024 * 1024;

/**
 * Opens the file of jobs for the one server that works on it; it is made if it is not there, and brought to the newest
 * version. Throws JobStoreError.
 */
export function openAsServer({ path, logger }: OpenFileOptions): OpenedFile {
  const lock = takeServerLock(path);
  try {
    const found = checkFile(path);
    if (found === undefined) makePrivateFile(path);
    const sql = openForWriting(path);
    migrate(sql);
    nameServer(sql);
    if (found !== undefined && found > 0 && found < MIGRATIONS.length)
      logger.info('The file of jobs was brought to a new version', {
        from: found,
        to: MIGRATIONS.length,
      });
    return { sql, close: closing(sql, () => lock.release()) };
  } catch (error) {
    lock.release();
    throw explained(path, error);
  }
}

/** Opens the file beside the server that works on it, or without one. Throws JobStoreError, also where there is none. */
export function openAsTool({ path, logger }: OpenFileOptions): OpenedFile {
  checkExists(path);
  // An older version may be at work on an older file: nobody changes it below that one's feet.
  if (checkFile(path) !== MIGRATIONS.length) openAsServer({ path, logger }).close();
  try {
    const sql = openForWriting(path);
    return { sql, close: closing(sql, () => {}) };
  } catch (error) {
    throw explained(path, error);
  }
}

function openForWriting(path: string): Sql {
  const sql = new Database(path);
  sql.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  const mode = prepareQuery<{ journal_mode: string }>(sql, 'PRAGMA journal_mode = WAL').first();
  if (mode?.journal_mode !== 'wal')
    throw notUsable(path, new Error('this disk does not let processes share memory'));
  sql.exec(`
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA journal_size_limit = ${KEPT_LOG_BYTES};`);
  return sql;
}

function closing(sql: Sql, release: () => void): () => void {
  let isClosed = false;
  return () => {
    if (isClosed) return;
    isClosed = true;
    try {
      // One file is easier to take care of than two; but somebody may be reading.
      sql.exec(`PRAGMA busy_timeout = ${CLOSING_MS}; PRAGMA wal_checkpoint(TRUNCATE);`);
    } finally {
      sql.close();
      release();
    }
  };
}
