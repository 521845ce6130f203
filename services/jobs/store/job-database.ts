import type { ChunkResult } from '#services/transcription/chunk-result.js';
import type { Logger } from '#utils/logging/logger.js';
import type { Transcript } from '#utils/transcript/types.js';
import type {
  Job,
  JobEvent,
  JobNews,
  JobPage,
  JobQuery,
  JobRef,
  NewJob,
  WebhookDelivery,
} from '../types.js';
import { backUp } from './back-up.js';
import { explained } from './check-file.js';
import { createChunkRows } from './chunks.js';
import { createDeliveryRows, type DueDelivery } from './deliveries.js';
import { createEventRows } from './events.js';
import { createJobCourse, type StatusChange } from './job-course.js';
import { createJobList } from './job-list.js';
import { createJobRows } from './jobs.js';
import { openAsServer } from './open-file.js';
import { createJobOverview, type OpenJob } from './open-jobs.js';
import { createResultCache } from './result-cache.js';
import type { Sql } from './sql.js';
import { createTranscriptRows } from './transcripts.js';

export type JobDatabaseOptions = {
  /** DATA_DIR/jobs.sqlite; made if it is not there. */
  readonly path: string;
  readonly logger: Logger;
};

/**
 * All that is known about jobs, in one file. Everything is done when the call returns, and on disk: whatever was
 * reported is still there after a crash. Jobs may be removed at any moment by another process (`whosaid data purge`):
 * whoever works on one finds it gone, which is no error.
 */
export interface JobDatabase {
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
  /** Throws `cursor_unknown`. */
  list(query: JobQuery): JobPage;
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
  /** Progress and news in one transaction (progress is an event, too); nothing where the job is final or gone. */
  tell(id: string, news: readonly JobNews[], at: number): void;
  events(id: string, page: { readonly after: number; readonly limit: number }): JobEvent[];
  /** Again: replaced. Nothing where the job is final or gone. */
  putChunk(id: string, chunk: ChunkResult): void;
  /** By channel, then index. */
  chunks(id: string): ChunkResult[];
  transcript(id: string): Transcript | undefined;
  /** Pending and processing, oldest first. */
  open(): OpenJob[];
  /** `bytes` of the recordings of these jobs. */
  counts(): { readonly pending: number; readonly processing: number; readonly bytes: number };
  /** Ids of jobs that ended before this time, oldest end first. */
  endedBefore(time: number, limit: number): string[];
  /** Everything about it. False where there is none. */
  remove(id: string): boolean;
  /** Of all jobs, in no order. */
  ids(): string[];
  /** Webhooks that are to be told now, with the number of the attempt that is to be made. */
  dueDeliveries(now: number, limit: number): DueDelivery[];
  /** `next` is the time of the next attempt, undefined where there is to be none. Nothing where the job is gone. */
  recordDelivery(id: string, delivery: WebhookDelivery, next: number | undefined): void;
  nextDeliveryAt(): number | undefined;
  /** Who may see it is part of the key. */
  cached(key: string): Transcript | undefined;
  /** Those that were used least recently make room. */
  cache(key: string, transcript: Transcript, maxBytes: number): void;
  purgeCache(): void;
  /** See `backUp`. */
  backup(target: string): Promise<void>;
  /** Idempotent. */
  close(): void;
}

/**
 * Throws JobStoreError, whose message is for the operator: the file is damaged, of a newer version, cannot be written,
 * or another server works on it.
 */
export function openJobDatabase(options: JobDatabaseOptions): JobDatabase {
  const { sql, close } = openAsServer(options);
  try {
    return {
      ...createParts(sql),
      backup: async (target) => void (await backUp(options.path, target)),
      close,
    };
  } catch (error) {
    close();
    throw explained(options.path, error);
  }
}

/** Apart, so that a test can look how each statement goes about its work. */
export function createParts(sql: Sql): Omit<JobDatabase, 'backup' | 'close'> {
  const events = createEventRows(sql);
  const chunks = createChunkRows(sql);
  const transcripts = createTranscriptRows(sql);
  const deliveries = createDeliveryRows(sql);
  const cache = createResultCache(sql);
  return {
    ...createJobRows(sql, { events, deliveries }),
    ...createJobCourse(sql, { events, chunks, transcripts }),
    ...createJobOverview(sql),
    list: createJobList(sql, deliveries),
    events: events.page,
    chunks: chunks.of,
    transcript: transcripts.of,
    dueDeliveries: deliveries.due,
    recordDelivery: deliveries.record,
    nextDeliveryAt: deliveries.nextAt,
    cached: cache.get,
    cache: cache.put,
    purgeCache: cache.purge,
  };
}
