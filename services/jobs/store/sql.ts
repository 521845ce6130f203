import type Database from 'libsql';

export type Sql = Database.Database;

/** What a column may hold. Times are whole milliseconds, switches 0 or 1. */
export type SqlValue = string | number | Buffer | null;

/** Values by the names of their placeholders. */
export type SqlValues = Readonly<Record<string, SqlValue>>;

/** A statement that is prepared once, with its rows of one shape. */
export type Query<Row> = {
  first(values?: SqlValues): Row | undefined;
  all(values?: SqlValues): Row[];
};

/** Rows hold a field of the driver's own beside the columns: callers pick the columns they asked for. */
export function prepareQuery<Row>(sql: Sql, text: string): Query<Row> {
  const statement = sql.prepare(text);
  return {
    first: (values = {}) => statement.get(values) as Row | undefined,
    all: (values = {}) => statement.all(values) as Row[],
  };
}

/** A statement that changes rows; calling it gives how many. */
export function prepareChange(sql: Sql, text: string): (values?: SqlValues) => number {
  const statement = sql.prepare(text);
  return (values = {}) => statement.run(values).changes;
}

/**
 * Runs `work` in one transaction, which is for writing from the beginning: two that read first and then want to write
 * would wait for each other. What it throws undoes everything.
 */
export function inTransaction<T>(sql: Sql, work: () => T): T {
  sql.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    sql.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has ended the transaction already.
    if (sql.inTransaction) sql.exec('ROLLBACK');
    throw error;
  }
}
