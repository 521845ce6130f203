import {
  DelayedError,
  type Job as QueueItem,
  WaitingChildrenError,
  WaitingError,
  Worker,
} from 'bullmq';
import type { Redis } from 'ioredis';
import { BlobMissingError } from '#services/blobs/blob-error.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { isFinal } from '../types.js';
import type { RetryReason } from '../work-event.js';
import { JobGoneError } from './job-gone-error.js';
import { ATTEMPTS, CHUNK_QUEUE, JOB_QUEUE, type QueuedChunk, type QueuedJob } from './queues.js';
import { reasonToWait } from './waits.js';
import type { SharedDeps, WorkDeps } from './work-deps.js';
import { WorkInHand } from './work-in-hand.js';
import { workOnChunk } from './work-on-chunk.js';
import { workOnJob } from './work-on-job.js';

export type JobWorkerOptions = {
  /** Of this one alone; it waits for Redis as long as it takes. */
  readonly connection: Redis;
  /** Chunks in work at the same time. */
  readonly concurrency: number;
  readonly deps: WorkDeps & SharedDeps;
  readonly timings?: Partial<WorkerTimings>;
  /** A job has its final status. */
  readonly onEnded: (id: string) => Promise<void>;
};

export type WorkerTimings = {
  /** Work of which nothing was heard for so long is taken by another worker. Default 10,000. */
  readonly lockMs: number;
  /** How often such work is looked for. Default 5000. */
  readonly stalledEveryMs: number;
};

const DEFAULT_TIMINGS: WorkerTimings = { lockMs: 10_000, stalledEveryMs: 5000 };
/** Shared files that cannot be reached, and what else is wrong with a machine, are waited for. */
const WAIT_MS = 10_000;
/** How often the queue itself gives work to another worker: starts.ts says when there is an end to it. */
const MOST_STALLS = 1_000_000;
/** Closing waits for Redis no longer. */
const CLOSE_MS = 2000;

type Item = QueueItem<QueuedJob> | QueueItem<QueuedChunk>;

/** Takes jobs and chunks from the queues and works on them, as one of many. */
export class JobWorker {
  readonly #options: JobWorkerOptions;
  readonly #workers: Worker[] = [];
  readonly #inHand = new WorkInHand();
  #closed: Promise<void> | undefined;

  constructor(options: JobWorkerOptions) {
    this.#options = options;
  }

  /** Pieces of work in hand: chunks, and jobs that are cut or put together. */
  get running(): number {
    return this.#inHand.size;
  }

  /** Begins to work. */
  start(): void {
    const { concurrency } = this.#options;
    this.#add<QueuedChunk>(CHUNK_QUEUE, concurrency, (item, signal) =>
      workOnChunk(item.data, signal, this.#options.deps),
    );
    // Cutting and putting together are a small part of the work, and both are waited for by many chunks.
    this.#add<QueuedJob>(JOB_QUEUE, Math.ceil(concurrency / 2), (item, signal, token) =>
      this.#workOnJob(item, signal, token),
    );
  }

  /** Nobody wants this job any more. */
  letGo(id: string): void {
    this.#inHand.letGo(id, new JobGoneError());
  }

  /** Puts back what is in work, for others to go on with, and takes no more. Idempotent; never rejects. */
  close(reason: Error): Promise<void> {
    this.#closed ??= this.#close(reason);
    return this.#closed;
  }

  async #close(reason: Error): Promise<void> {
    const closing = Promise.all(this.#workers.map((worker) => worker.close().catch(() => {})));
    this.#inHand.close(reason);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    // Without Redis nothing can be put back: others find it by its lock, which nobody renews.
    await Promise.race([closing, this.#inHand.settled().then(() => late)]);
    clearTimeout(timer);
    this.#options.connection.disconnect();
  }

  #add<Data extends { readonly id: string }>(
    queue: string,
    concurrency: number,
    work: (item: QueueItem<Data>, signal: AbortSignal, token: string) => Promise<void>,
  ): void {
    const { connection, deps, timings } = this.#options;
    const { lockMs, stalledEveryMs } = { ...DEFAULT_TIMINGS, ...timings };
    const process = (item: QueueItem<Data>, token = ''): Promise<void> =>
      this.#inHand.add({ id: item.data.id, key: `${queue}:${item.id}` }, async (signal) => {
        try {
          await work(item, signal, token);
        } catch (error) {
          await this.#failed(error, { item: item as unknown as Item, signal, token });
        }
      });
    const worker = new Worker<Data>(queue, process, {
      connection,
      concurrency,
      prefix: deps.state.keys.queues,
      lockDuration: lockMs,
      stalledInterval: stalledEveryMs,
      maxStalledCount: MOST_STALLS,
      runRetryDelay: 1000,
      skipVersionCheck: true,
    });
    // What happens to work is told where it happens, and of Redis its connection tells.
    worker.on('error', () => {});
    worker.on('stalled', () => this.#retried('stalled'));
    this.#workers.push(worker as Worker);
  }

  async #workOnJob(item: QueueItem<QueuedJob>, signal: AbortSignal, token: string): Promise<void> {
    await workOnJob(
      {
        queued: item.data,
        signal,
        save: (queued) => item.updateData(queued),
        awaitChunks: async () => {
          if (await item.moveToWaitingChildren(token)) throw new WaitingChildrenError();
        },
      },
      this.#options.deps,
    );
    await this.#options.onEnded(item.data.id);
  }

  #retried(reason: RetryReason): void {
    this.#options.deps.onWork?.({ type: 'retried', reason });
  }

  async #isWanted(id: string): Promise<boolean> {
    const status = await this.#options.deps.state.statusOf(id);
    return status !== undefined && !isFinal(status);
  }

  /** Ends the job, or throws what lets the queue try again. */
  async #failed(
    error: unknown,
    { item, signal, token }: { item: Item; signal: AbortSignal; token: string },
  ): Promise<void> {
    const { deps, onEnded } = this.#options;
    const { id } = item.data;
    if (error instanceof WaitingChildrenError) throw error;
    if (this.#inHand.isClosing) {
      await item.moveToWait(token);
      throw new WaitingError();
    }
    if (error instanceof JobGoneError || signal.aborted) return onEnded(id);
    // Files go first when a job is removed.
    if (error instanceof BlobMissingError && !(await this.#isWanted(id))) return onEnded(id);
    const reason = reasonToWait(error, item.attemptsStarted);
    if (reason !== undefined) {
      deps.logger.error(reason, { jobId: id, error });
      this.#retried('files');
      await item.moveToDelayed(Date.now() + WAIT_MS, token);
      throw new DelayedError();
    }
    const failure = WhosaidError.from(error);
    const { key, status, entry } = failure;
    if (entry.retryable && item.attemptsMade + 1 < ATTEMPTS) {
      deps.logger.warn('A piece of a job is tried again after an error', { jobId: id, error: key });
      this.#retried('error');
      // The queue keeps what it is told: no more than this.
      throw new Error(key);
    }
    if (status >= 500) deps.logger.error('A job failed', { jobId: id, error });
    const change = { from: ['pending', 'processing'], to: 'failed' } as const;
    await deps.state.settle(id, { ...change, error: failure.toPlain() });
    await onEnded(id);
  }
}
