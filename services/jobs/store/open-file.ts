import Database from 'libsql';
import type { Logger } from '#utils/logging/logger.js';
import { checkExists, checkFile, explained } from './check-file.js';
import { isOfStore, notUsable } from './job-store-error.js';
import { migrate } from './migrate.js';
import { MIGRATIONS } from './migrations.js';
import { makePrivateFile, nameServer, takeServerLock, unnameServer } from './server-lock.js';
import { prepareQuery, type Sql } from './sql.js';

export type OpenFileOptions = {
  readonly path: string;
  readonly logger: Logger;
  /** The largest file that is read from end to end, however its server ended. Default 256 MiB. */
  readonly mostReadBytes?: number;
};

export type OpenedFile = {
  readonly sql: Sql;
  /** Idempotent. */
  close(): void;
};

/** A purge without a server writes the whole file anew, and others wait for it: they are not to fail. */
const BUSY_MS = 60_000;
/** A server that waits answers nobody, and has jobs that are stored later. */
const SERVER_BUSY_MS = 10_000;
/** Two seconds on a slow disk. */
const MOST_READ_BYTES = 256 * 1024 * 1024;
const CLOSING_MS = 1000;
const KEPT_LOG_BYTES = 64 * 1024 * 1024;

/**
 * Opens the file of jobs for the one server that works on it; it is made if it is not there, and brought to the newest
 * version. Throws JobStoreError.
 */
export function openAsServer({
  path,
  logger,
  mostReadBytes = MOST_READ_BYTES,
}: OpenFileOptions): OpenedFile {
  const lock = takeServerLock(path);
  try {
    const found = checkFile(path, { mostReadBytes });
    if (found === undefined) makePrivateFile(path);
    const sql = openForWriting(path);
    migrate(sql);
    nameServer(sql);
    sql.exec(`PRAGMA busy_timeout = ${SERVER_BUSY_MS}`);
    if (found !== undefined && found > 0 && found < MIGRATIONS.length)
      logger.info('The file of jobs was brought to a new version', {
        from: found,
        to: MIGRATIONS.length,
      });
    return {
      sql,
      close: closing(sql, { leave: () => unnameServer(sql), release: () => lock.release() }),
    };
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
    return { sql, close: closing(sql, { leave() {}, release() {} }) };
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

/** A disk that is full keeps nobody from closing: what was stored stays, and the next one reads all of the file. */
function closing(
  sql: Sql,
  { leave, release }: { readonly leave: () => void; readonly release: () => void },
): () => void {
  let isClosed = false;
  return () => {
    if (isClosed) return;
    isClosed = true;
    try {
      sql.exec(`PRAGMA busy_timeout = ${CLOSING_MS}`);
      leave();
      // One file is easier to take care of than two; but somebody may be reading.
      sql.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      if (!isOfStore(error)) throw error;
    } finally {
      sql.close();
      release();
    }
  };
}
