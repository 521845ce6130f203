import type { Redis } from 'ioredis';
import type { Blobs } from '#services/blobs/types.js';
import type { EndedJob } from '../work-event.js';
import { connect, tellsOfRedis } from './connect.js';
import { FlacEncoder } from './flac/flac-encoder.js';
import { JobFiles } from './job-files.js';
import { JobState } from './job-state.js';
import { JobWatch } from './job-watch.js';
import { JobWorker, type WorkerTimings } from './job-worker.js';
import { DEFAULT_PREFIX } from './keys.js';
import { JobQueues } from './queues.js';
import { sharedResults } from './shared-results.js';
import type { WorkDeps } from './work-deps.js';

export type RedisWorkerOptions = WorkDeps & {
  /** QUEUE_URL. */
  readonly url: string;
  /** What all machines share. */
  readonly blobs: Blobs;
  /** Of all names in Redis; default: `{whosaid}`. */
  readonly prefix?: string;
  /** Pieces of jobs in work at the same time. */
  readonly concurrency: number;
  readonly timings?: Partial<WorkerTimings>;
};

/** Works on jobs of many machines. */
export type RedisWorker = {
  /** Begins to work, as soon as Redis can be reached. */
  start(): void;
  /** Whether Redis can be reached. */
  readonly isReady: boolean;
  /** Pieces of jobs in work now. */
  readonly running: number;
  /** Puts back what is in work, for others to go on with, and takes no more. Idempotent; never rejects. */
  close(reason: Error): Promise<void>;
};

/** Nothing is done before `start()`. */
export function openWorker(options: RedisWorkerOptions): RedisWorker {
  const { url, blobs, prefix = DEFAULT_PREFIX, logger, onWork } = options;
  const onChange = tellsOfRedis(logger);
  const client = connect({ url, kind: 'working', onChange });
  const onEnded = (job: EndedJob): void => onWork?.({ type: 'ended', job });
  const state = new JobState({ client, prefix, onEnded });
  const files = new JobFiles(blobs);
  const queues = new JobQueues({ connection: client, keys: state.keys });
  const encoder = new FlacEncoder();
  const results = sharedResults({ ...options, client, prefix });
  // Of one that was cancelled, failed or removed nothing is wanted, a transcript that came too late included.
  const removeUnneeded = async (id: string): Promise<void> => {
    if ((await state.statusOf(id)) === 'completed') await files.removeWorking(id);
    else await files.remove(id);
  };
  const worker = new JobWorker({
    ...options,
    connection: connect({ url, kind: 'working' }),
    deps: { ...options, state, files, queues, encoder, ...(results && { results }) },
    onEnded: (id) =>
      removeUnneeded(id).catch((error: unknown) => {
        logger.warn('Files of a job that has ended could not be removed yet', { error });
      }),
  });
  const watch = new JobWatch({
    state,
    subscriber: connect({ url, kind: 'working' }),
    onCancelled: (id) => worker.letGo(id),
    onDue: () => {},
  });
  return {
    start() {
      watch.start();
      worker.start();
    },
    get isReady() {
      return isReady(client);
    },
    get running() {
      return worker.running;
    },
    async close(reason) {
      await worker.close(reason);
      watch.close();
      client.disconnect();
      await Promise.all([queues.close().catch(() => {}), encoder.dispose()]);
    },
  };
}

function isReady({ status }: Redis): boolean {
  return status === 'ready';
}
