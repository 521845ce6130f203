import type { JobEvent, JobNews } from '../types.js';
import { prepareChange, prepareQuery, type Sql } from './sql.js';

/** What happened to jobs. Jobs are named by their number here. */
export type EventRows = {
  add(job: number, news: readonly JobNews[], at: number): void;
  page(id: string, page: { readonly after: number; readonly limit: number }): JobEvent[];
};

export function createEventRows(sql: Sql): EventRows {
  const last = prepareQuery<{ seq: number }>(
    sql,
    'SELECT seq FROM events WHERE job = :job ORDER BY seq DESC LIMIT 1',
  );
  const insert = prepareChange(
    sql,
    'INSERT INTO events (job, seq, at, news) VALUES (:job, :seq, :at, :news)',
  );
  const page = prepareQuery<{ seq: number; at: number; news: string }>(
    sql,
    `SELECT seq, at, news FROM events
     WHERE job = (SELECT number FROM jobs WHERE id = :id) AND seq > :after ORDER BY seq LIMIT :limit`,
  );
  return {
    add(job, news, at) {
      let seq = last.first({ job })?.seq ?? 0;
      for (const each of news) {
        seq += 1;
        insert({ job, seq, at, news: JSON.stringify(each) });
      }
    },
    page: (id, { after, limit }) =>
      page.all({ id, after, limit }).map(({ seq, at, news }) => ({
        seq,
        at,
        news: JSON.parse(news) as JobNews,
      })),
  };
}
