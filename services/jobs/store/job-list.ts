import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { JOB_STATUSES, type JobPage, type JobQuery } from '../types.js';
import type { DeliveryRows } from './deliveries.js';
import { JOB_COLUMNS, type JobRow, jobOf, OPEN_JOBS } from './job-row.js';
import { preparePendingBefore } from './jobs.js';
import { prepareQuery, type Query, type Sql } from './sql.js';

/** Throws `cursor_unknown`. */
export type JobList = (query: JobQuery) => JobPage;

type Place = { readonly created_at: number; readonly number: number };

const FIRST: Place = { created_at: Number.MIN_SAFE_INTEGER, number: 0 };
const LAST: Place = { created_at: Number.MAX_SAFE_INTEGER, number: Number.MAX_SAFE_INTEGER };

/**
 * Pages of jobs in the order in which they were made. A page begins behind a job and not at a number, so jobs that come
 * meanwhile make none appear twice or get lost.
 */
export function createJobList(sql: Sql, deliveries: DeliveryRows): JobList {
  const pages = preparePages(sql);
  const placeOf = prepareQuery<Place>(
    sql,
    'SELECT created_at, number FROM jobs WHERE id = :id AND owner = :owner',
  );
  const positionsOf = preparePositions(sql);

  /** Behind which place the page begins, and before which it ends; neither is in it. */
  const boundsOf = ({ owner, after, order, createdFrom, createdTo }: JobQuery) => {
    let from = createdFrom === undefined ? FIRST : { created_at: createdFrom, number: 0 };
    let to = createdTo === undefined ? LAST : { ...LAST, created_at: createdTo };
    if (after === undefined) return { from, to };
    const place = placeOf.first({ id: after, owner });
    if (place === undefined) throw new WhosaidError('cursor_unknown', { id: after });
    if (order === 'asc' && isBefore(from, place)) from = place;
    if (order === 'desc' && isBefore(place, to)) to = place;
    return { from, to };
  };

  return (query) => {
    const { from, to } = boundsOf(query);
    const { owner, statuses = JOB_STATUSES, batchId, limit, order } = query;
    const rows = pages[batchId === undefined ? 'all' : 'batch'][order].all({
      owner,
      ...(batchId !== undefined && { batchId }),
      fromAt: from.created_at,
      fromNumber: from.number,
      toAt: to.created_at,
      toNumber: to.number,
      statuses: ` ${statuses.join(' ')} `,
      limit: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const positions = positionsOf(shown);
    const jobs = shown.map((row) =>
      jobOf(row, {
        position: positions.get(row.number),
        deliveries: row.webhook_url === null ? [] : deliveries.of(row.number),
      }),
    );
    return { jobs, hasMore: rows.length > limit };
  };
}

/** The statement of a page, with and without a batch. */
export function pageStatement(scope: 'all' | 'batch', order: 'asc' | 'desc'): string {
  return `SELECT ${JOB_COLUMNS} FROM jobs
    WHERE owner = :owner ${scope === 'batch' ? 'AND batch_id = :batchId' : ''}
      AND (created_at, number) > (:fromAt, :fromNumber)
      AND (created_at, number) < (:toAt, :toNumber)
      AND instr(:statuses, ' ' || status || ' ') > 0
    ORDER BY created_at ${order}, number ${order} LIMIT :limit`;
}

function preparePages(sql: Sql) {
  const prepare = (scope: 'all' | 'batch'): Record<'asc' | 'desc', Query<JobRow>> => ({
    asc: prepareQuery(sql, pageStatement(scope, 'asc')),
    desc: prepareQuery(sql, pageStatement(scope, 'desc')),
  });
  return { all: prepare('all'), batch: prepare('batch') };
}

/** Gives the positions of the pending jobs of a page, by number: counted once, not for each. */
function preparePositions(sql: Sql): (rows: readonly JobRow[]) => ReadonlyMap<number, number> {
  const before = preparePendingBefore(sql);
  const between = prepareQuery<{ number: number }>(
    sql,
    `SELECT number FROM ${OPEN_JOBS} AND status = 'pending' AND number BETWEEN :from AND :to
     ORDER BY number`,
  );
  return (rows) => {
    const numbers = rows.filter(({ status }) => status === 'pending').map(({ number }) => number);
    if (numbers.length === 0) return new Map();
    const from = Math.min(...numbers);
    const first = before(from) + 1;
    const pending = between.all({ from, to: Math.max(...numbers) });
    return new Map(pending.map(({ number }, index) => [number, first + index]));
  };
}

function isBefore(one: Place, other: Place): boolean {
  return one.created_at === other.created_at
    ? one.number < other.number
    : one.created_at < other.created_at;
}
