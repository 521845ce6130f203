import type { JobStatus } from '../types.js';
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
  /** Ids of jobs that ended before this time, oldest end first. */
  endedBefore(time: number, limit: number): string[];
};

export function createJobOverview(sql: Sql): JobOverview {
  const open = prepareQuery<OpenJob>(
    sql,
    `SELECT id, owner, status, bytes, created_at AS createdAt FROM jobs
     WHERE ended_at IS NULL AND status IN ('pending', 'processing') ORDER BY number`,
  );
  const counts = prepareQuery<{ status: JobStatus; count: number; bytes: number }>(
    sql,
    `SELECT status, count(*) AS count, sum(bytes) AS bytes FROM jobs
     WHERE ended_at IS NULL GROUP BY status`,
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
      const rows = counts.all();
      const of = (status: JobStatus) => rows.find((row) => row.status === status)?.count ?? 0;
      const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
      return { pending: of('pending'), processing: of('processing'), bytes };
    },
    endedBefore: (time, limit) => ended.all({ time, limit }).map(({ id }) => id),
  };
}
