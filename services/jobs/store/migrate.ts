import { MIGRATIONS } from './migrations.js';
import { inTransaction, prepareQuery, type Sql } from './sql.js';

/** Brings a database to the newest version, each step in a transaction of its own. */
export function migrate(sql: Sql): void {
  const version = prepareQuery<{ user_version: number }>(sql, 'PRAGMA user_version');
  const step = (): boolean =>
    inTransaction(sql, () => {
      const current = version.first()?.user_version ?? 0;
      const text = MIGRATIONS[current];
      if (text === undefined) return false;
      sql.exec(text);
      sql.exec(`PRAGMA user_version = ${current + 1}`);
      return true;
    });
  while (step());
}
