import type { JobStatus } from '../types.js';
import { OPEN_JOBS } from './job-row.js';
import { prepareQuery, type Sql } from './sql.js';

export type OpenJob = {
  readonly id: string;
  readonly owner: string;
  readonly status: JobStatus;
  /** Size of the recording. */
  readonly bytes: number;
  readonly createdAt: number;
};

/** Which jobs there are, over all owners. */
export type JobOverview = {
  /** Pending and processing, oldest first. */
  open(): OpenJob[];
  /** `bytes` of the recordings of open jobs. */
  counts(): { readonly pending: number; readonly processing: number; readonly bytes: number };
  /** When the pending job was made that came first. */
  oldestPendingAt(): number | undefined;
  /** Ids of jobs that ended before this time, oldest end first. */
  endedBefore(time: number, limit: number): string[];
};

export function createJobOverview(sql: Sql): JobOverview {
  const open = prepareQuery<OpenJob>(
    sql,
    `SELECT id, owner, status, bytes, created_at AS createdAt FROM ${OPEN_JOBS} ORDER BY number`,
  );
  const counts = prepareQuery<{ pending: number; processing: number; bytes: number }>(
    sql,
    `SELECT coalesce(sum(status = 'pending'), 0) AS pending,
       coalesce(sum(status = 'processing'), 0) AS processing, coalesce(sum(bytes), 0) AS bytes
     FROM ${OPEN_JOBS}`,
  );
  const oldestPending = prepareQuery<{ at: number }>(
    sql,
    `SELECT created_at AS at FROM ${OPEN_JOBS} AND status = 'pending' ORDER BY number LIMIT 1`,
  );
  const ended = prepareQuery<{ id: string }>(
    sql,
    'SELECT id FROM jobs WHERE ended_at < :time ORDER BY ended_at LIMIT :limit',
  );
  return {
    open: () =>
      open.all().map(({ id, owner, status, bytes, createdAt }) => ({
        id,
        owner,
        status,
        bytes,
        createdAt,
      })),
    counts() {
      const { pending = 0, processing = 0, bytes = 0 } = counts.first() ?? {};
      return { pending, processing, bytes };
    },
    oldestPendingAt: () => oldestPending.first()?.at,
    endedBefore: (time, limit) => ended.all({ time, limit }).map(({ id }) => id),
  };
}
