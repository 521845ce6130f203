import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Job, JobPage, JobQuery } from '../types.js';
import type { JobState } from './job-state.js';

/** Jobs that are read at once; more are where only some statuses are wanted. */
const LEAST_AT_ONCE = 50;

type Bounds = { readonly from: string; readonly to: string };

/**
 * A page of jobs in the order in which they were made. It begins behind a job and not at a number, so jobs that come
 * meanwhile make none appear twice or get lost. Rejects with `cursor_unknown`.
 */
export async function listJobs(state: JobState, query: JobQuery): Promise<JobPage> {
  const { owner, batchId, statuses, limit, order } = query;
  const { keys, client } = state;
  const set = batchId === undefined ? keys.of(owner) : keys.batch(owner, batchId);
  let { from, to } = await boundsOf(state, query);
  const jobs: Job[] = [];
  const atOnce = Math.max(LEAST_AT_ONCE, limit + 1);
  for (;;) {
    const scored =
      order === 'asc'
        ? await client.zrangebyscore(set, from, to, 'WITHSCORES', 'LIMIT', 0, atOnce)
        : await client.zrevrangebyscore(set, to, from, 'WITHSCORES', 'LIMIT', 0, atOnce);
    const ids = scored.filter((_, index) => index % 2 === 0);
    for (const job of await state.read(ids)) {
      if (job !== undefined && (statuses?.includes(job.status) ?? true)) jobs.push(job);
    }
    const isLast = ids.length < atOnce;
    if (isLast || jobs.length > limit)
      return { jobs: jobs.slice(0, limit), hasMore: jobs.length > limit };
    const behind = `(${scored.at(-1)}`;
    if (order === 'asc') from = behind;
    else to = behind;
  }
}

/** The times between which jobs were made, as Redis takes them. */
async function boundsOf(
  { keys, client }: JobState,
  { owner, after, order, createdFrom, createdTo }: JobQuery,
): Promise<Bounds> {
  const from = createdFrom ?? Number.NEGATIVE_INFINITY;
  const to = createdTo ?? Number.POSITIVE_INFINITY;
  const bounds = { from: boundOf(from), to: boundOf(to) };
  if (after === undefined) return bounds;
  const score = await client.zscore(keys.of(owner), after);
  if (score === null) throw new WhosaidError('cursor_unknown', { id: after });
  const at = Number(score);
  if (order === 'asc' && at >= from) return { ...bounds, from: `(${at}` };
  if (order === 'desc' && at <= to) return { ...bounds, to: `(${at}` };
  return bounds;
}

function boundOf(time: number): string {
  if (Number.isFinite(time)) return String(time);
  return time < 0 ? '-inf' : '+inf';
}
