import Database from 'libsql';
import { MIGRATIONS } from './migrations.js';
import { inTransaction, prepareQuery, type Sql } from './sql.js';

/** Opens the file, which is made if it is not there, and brings it to the newest version. */
export function openFile(path: string): Sql {
  const sql = new Database(path);
  sql.exec(`
    PRAGMA busy_timeout = 30000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;`);
  migrate(sql);
  return sql;
}

function migrate(sql: Sql): void {
  const version = prepareQuery<{ user_version: number }>(sql, 'PRAGMA user_version');
  for (;;) {
    const done = inTransaction(sql, () => {
      const current = version.first()?.user_version ?? 0;
      const step = MIGRATIONS[current];
      if (step === undefined) return true;
      sql.exec(step);
      sql.exec(`PRAGMA user_version = ${current + 1}`);
      return false;
    });
    if (done) return;
  }
}
