import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import type { Sql } from './sql.js';

const WAIT_MS = 5000;

/** Opens a database so that nothing in its files is changed, whatever is found in them. */
export function openForReading(path: string): Sql {
  const sql = new Database(`${pathToFileURL(path).href}?mode=ro`);
  sql.exec(`PRAGMA busy_timeout = ${WAIT_MS}`);
  return sql;
}
