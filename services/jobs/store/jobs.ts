import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Job, JobRef, NewJob } from '../types.js';
import type { DeliveryRows } from './deliveries.js';
import type { EventRows } from './events.js';
import { INSERT_JOB, JOB_COLUMNS, type JobRow, jobOf, newJobValues, OPEN_JOBS } from './job-row.js';
import { inTransaction, prepareChange, prepareQuery, type Sql } from './sql.js';

/** Jobs one by one. */
export type JobRows = {
  /**
   * One transaction: the job (status pending) with its first event, or the one that has the idempotency key of this
   * owner. Throws `idempotency_conflict` when the fingerprint differs.
   */
  insert(job: NewJob & { readonly id: string; readonly createdAt: number }): {
    readonly job: Job;
    readonly isNew: boolean;
  };
  /** The job of this owner that was made with the same idempotency key. Throws `idempotency_conflict`. */
  repeated(job: Pick<NewJob, 'owner' | 'idempotency'>): Job | undefined;
  /** With `position` while it is pending. */
  get(ref: JobRef): Job | undefined;
  /** Whoever's. */
  find(id: string): (Job & { readonly file: string }) | undefined;
  /** Everything about it. False where there is none. */
  remove(id: string): boolean;
  /** Of all jobs, in no order. */
  ids(): string[];
};

export function createJobRows(
  sql: Sql,
  { events, deliveries }: { readonly events: EventRows; readonly deliveries: DeliveryRows },
): JobRows {
  const insert = prepareQuery<JobRow>(sql, INSERT_JOB);
  const byId = prepareQuery<JobRow>(sql, `SELECT ${JOB_COLUMNS} FROM jobs WHERE id = :id`);
  const byKey = prepareQuery<JobRow>(
    sql,
    `SELECT ${JOB_COLUMNS} FROM jobs WHERE owner = :owner AND idempotency_key = :key`,
  );
  const remove = prepareChange(sql, 'DELETE FROM jobs WHERE id = :id');
  const ids = prepareQuery<{ id: string }>(sql, 'SELECT id FROM jobs');
  const pendingBefore = preparePendingBefore(sql);

  const whole = (row: JobRow): Job =>
    jobOf(row, {
      position: row.status === 'pending' ? pendingBefore(row.number) + 1 : undefined,
      deliveries: row.webhook_url === null ? [] : deliveries.of(row.number),
    });

  const repeated: JobRows['repeated'] = ({ owner, idempotency }) => {
    if (idempotency === undefined) return undefined;
    const row = byKey.first({ owner, key: idempotency.key });
    if (row === undefined) return undefined;
    if (row.fingerprint === idempotency.fingerprint) return whole(row);
    throw new WhosaidError('idempotency_conflict');
  };

  return {
    insert: (job) =>
      inTransaction(sql, () => {
        const found = repeated(job);
        if (found !== undefined) return { job: found, isNew: false };
        const row = insert.first(newJobValues(job)) as JobRow;
        events.add(row.number, [{ type: 'status', status: 'pending' }], job.createdAt);
        return { job: whole(row), isNew: true };
      }),
    repeated,
    get({ id, owner }) {
      const row = byId.first({ id });
      return row?.owner === owner ? whole(row) : undefined;
    },
    find(id) {
      const row = byId.first({ id });
      return row && { ...whole(row), file: row.file };
    },
    remove: (id) => remove({ id }) > 0,
    ids: () => ids.all().map(({ id }) => id),
  };
}

/** Gives how many pending jobs came before the one with this number. */
export function preparePendingBefore(sql: Sql): (number: number) => number {
  const count = prepareQuery<{ count: number }>(
    sql,
    `SELECT count(*) AS count FROM ${OPEN_JOBS} AND status = 'pending' AND number < :number`,
  );
  return (number) => count.first({ number })?.count ?? 0;
}
