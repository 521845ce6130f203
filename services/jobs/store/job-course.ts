import type { ChunkResult } from '#services/transcription/chunk-result.js';
import type { PlainError } from '#utils/errors/whosaid-error.js';
import type { Transcript } from '#utils/transcript/types.js';
import { isFinal, type JobNews, type JobStatus } from '../types.js';
import type { ChunkRows } from './chunks.js';
import type { EventRows } from './events.js';
import { inTransaction, prepareChange, prepareQuery, type Sql } from './sql.js';
import type { TranscriptRows } from './transcripts.js';

export type StatusChange = {
  /** Nothing is changed where the job has another status. */
  readonly from: readonly JobStatus[];
  readonly to: JobStatus;
  readonly at: number;
  readonly error?: PlainError;
  readonly transcript?: Transcript;
  readonly fromCache?: boolean;
};

/** What happens to a job that is worked on. A job that is gone, or final, stays as it is: somebody removed it meanwhile. */
export type JobCourse = {
  /**
   * Changes the status if it is one of `from`: one transaction with the status event, the transcript, `startedAt` or
   * `endedAt`. A final status also removes the results of chunks, and schedules telling the webhook. False: nothing was
   * changed.
   */
  settle(id: string, change: StatusChange): boolean;
  /**
   * Pending or processing becomes processing. Gives how many times this was called without a new chunk since, this one
   * included; undefined where the job is final or gone.
   */
  begin(id: string, at: number): number | undefined;
  /** Progress and news in one transaction (progress is an event, too). */
  tell(id: string, news: readonly JobNews[], at: number): void;
  /** Again: replaced. */
  putChunk(id: string, chunk: ChunkResult): void;
};

type Rows = {
  readonly events: EventRows;
  readonly chunks: ChunkRows;
  readonly transcripts: TranscriptRows;
};

type State = { readonly number: number; readonly status: JobStatus; readonly starts: number };

export function createJobCourse(sql: Sql, { events, chunks, transcripts }: Rows): JobCourse {
  const stateOf = prepareQuery<State>(
    sql,
    'SELECT number, status, starts FROM jobs WHERE id = :id',
  );
  const change = prepareStatusChange(sql);
  const start = prepareChange(sql, 'UPDATE jobs SET starts = starts + 1 WHERE number = :number');
  const gotFurther = prepareChange(sql, 'UPDATE jobs SET starts = 0 WHERE number = :number');
  const progress = prepareProgress(sql);

  const openJob = (id: string): State | undefined => {
    const state = stateOf.first({ id });
    return state && !isFinal(state.status) ? state : undefined;
  };

  return {
    settle: (id, wanted) =>
      inTransaction(sql, () => {
        const state = stateOf.first({ id });
        if (state === undefined || !wanted.from.includes(state.status)) return false;
        const { number } = state;
        const { to: status, at, error, transcript } = wanted;
        change(number, wanted);
        events.add(number, [{ type: 'status', status, ...(error && { error }) }], at);
        if (transcript !== undefined) transcripts.put(number, transcript);
        if (isFinal(status)) chunks.removeOf(number);
        return true;
      }),
    begin: (id, at) =>
      inTransaction(sql, () => {
        const state = openJob(id);
        if (state === undefined) return undefined;
        const { number, status, starts } = state;
        start({ number });
        if (status === 'pending') {
          change(number, { to: 'processing', at });
          events.add(number, [{ type: 'status', status: 'processing' }], at);
        }
        return starts + 1;
      }),
    tell: (id, news, at) =>
      inTransaction(sql, () => {
        const state = openJob(id);
        if (state === undefined) return;
        events.add(state.number, news, at);
        for (const each of news) if (each.type === 'progress') progress(state.number, each);
      }),
    putChunk: (id, chunk) =>
      inTransaction(sql, () => {
        const state = openJob(id);
        if (state === undefined) return;
        chunks.put(state.number, chunk);
        gotFurther({ number: state.number });
      }),
  };
}

/** A final status ends the job, and lets its webhook be told. */
function prepareStatusChange(sql: Sql) {
  const change = prepareChange(
    sql,
    `UPDATE jobs SET status = :status, error = :error, from_cache = :fromCache,
       started_at = CASE WHEN :isStart THEN coalesce(started_at, :at) ELSE started_at END,
       ended_at = CASE WHEN :isEnd THEN :at END,
       delivery_due = CASE WHEN :isEnd AND webhook_url IS NOT NULL THEN :at END
     WHERE number = :number`,
  );
  return (
    number: number,
    { to, at, error, fromCache = false }: Omit<StatusChange, 'from'>,
  ): void => {
    change({
      number,
      status: to,
      at,
      error: error ? JSON.stringify(error) : null,
      fromCache: Number(fromCache),
      isStart: Number(to === 'processing'),
      isEnd: Number(isFinal(to)),
    });
  };
}

function prepareProgress(sql: Sql) {
  const change = prepareChange(
    sql,
    `UPDATE jobs SET audio_seconds = :audioSeconds, total_seconds = coalesce(:totalSeconds, total_seconds)
     WHERE number = :number`,
  );
  return (
    number: number,
    { audioSeconds, totalSeconds }: Extract<JobNews, { type: 'progress' }>,
  ): void => {
    change({ number, audioSeconds, totalSeconds: totalSeconds ?? null });
  };
}
