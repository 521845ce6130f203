import type { Logger } from '#utils/logging/logger.js';
import { backUp } from './back-up.js';
import { explained } from './check-file.js';
import { type ChunkRows, createChunkRows } from './chunks.js';
import { createDeliveryRows, type DeliveryRows } from './deliveries.js';
import { createEventRows, type EventRows } from './events.js';
import { createJobCourse, type JobCourse } from './job-course.js';
import { createJobList, type JobList } from './job-list.js';
import { createJobRows, type JobRows } from './jobs.js';
import { openAsServer } from './open-file.js';
import { createJobOverview, type JobOverview } from './open-jobs.js';
import { createResultCache, type ResultCache } from './result-cache.js';
import type { Sql } from './sql.js';
import { createTranscriptRows, type TranscriptRows } from './transcripts.js';

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
export interface JobDatabase extends JobRows, JobCourse, JobOverview {
  readonly list: JobList;
  readonly events: EventRows['page'];
  readonly chunks: ChunkRows['of'];
  readonly transcript: TranscriptRows['of'];
  readonly dueDeliveries: DeliveryRows['due'];
  readonly recordDelivery: DeliveryRows['record'];
  readonly nextDeliveryAt: DeliveryRows['nextAt'];
  readonly cached: ResultCache['get'];
  readonly cache: ResultCache['put'];
  readonly purgeCache: ResultCache['purge'];
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
