import { setTimeout as pause } from 'node:timers/promises';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';
import type { JobDatabase } from '../store/job-database.js';
import { isOfStore } from '../store/job-store-error.js';
import type { WorkEvent } from '../work-event.js';
import { JobLanes, type WaitingJob } from './job-lanes.js';
import { type DoneJob, JobGoneError, runJob, type TranscribeJob } from './run-job.js';

export type JobRunnerOptions = {
  readonly database: JobDatabase;
  /** Where a job's recording is. */
  readonly folderOf: (id: string) => string;
  readonly transcribe: TranscribeJob;
  /** Jobs in work at the same time. */
  readonly concurrency: number;
  readonly logger: Logger;
  /** Something was stored about this job. */
  readonly onNews: (id: string) => void;
  /** It has its final status. What this returns is waited for before the job's place is given to another. */
  readonly onEnded: (id: string) => Promise<void>;
  /** Hears of jobs that are begun anew. */
  readonly onWork?: (event: WorkEvent) => void;
};

type Running = { readonly controller: AbortController; readonly ended: Promise<void> };

/**
 * Starts in a row by which a job got no chunk further, before it is given up: the process ended each time, whatever the
 * reason was.
 */
const MAX_STARTS = 20;
/** Errors that may pass are met with another attempt so often, after a growing pause. */
const MAX_RETRIES = 4;
const RETRY_PAUSE_MS = 2000;
/** After the store failed, such as for a full disk; the longest of the growing pauses. */
const STORE_PAUSE_MS = 1000;
const LONGEST_STORE_PAUSE_MS = 30_000;

/** Works on jobs, a few at a time. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #lanes: JobLanes;
  readonly #running = new Map<string, Running>();
  readonly #closing = new AbortController();
  /** Jobs in work whose start is counted: a start is a process's, and not each attempt of it. */
  readonly #counted = new Set<string>();

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#lanes = new JobLanes(options);
  }

  /** Takes a job that is stored; it is worked on when it is its turn. */
  add(job: WaitingJob): void {
    this.#lanes.add(job);
    this.#pump();
  }

  /** Works on a job no more; resolves when nothing of it is in use. */
  async letGo(id: string): Promise<void> {
    this.#lanes.remove(id);
    const running = this.#running.get(id);
    running?.controller.abort(new WhosaidError('job_cancelled', { id }));
    await running?.ended;
  }

  /** Puts back what is in work, for the next process to go on with, and begins no more. Never rejects. */
  async close(reason: Error): Promise<void> {
    this.#closing.abort(reason);
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  /** Begins the jobs whose turn it is. */
  #pump(): void {
    while (!this.#closing.signal.aborted) {
      const id = this.#lanes.take();
      if (id === undefined) return;
      const controller = new AbortController();
      const signal = AbortSignal.any([controller.signal, this.#closing.signal]);
      const ended = this.#run(id, signal).finally(() => {
        this.#running.delete(id);
        this.#counted.delete(id);
        this.#lanes.done(id);
        this.#pump();
      });
      this.#running.set(id, { controller, ended });
    }
  }

  /** Works on a job until it has ended or has to be let go of, however often the store fails. Never rejects. */
  async #run(id: string, signal: AbortSignal): Promise<void> {
    const { logger } = this.#options;
    for (let failures = 1; ; failures++) {
      try {
        return await this.#untilEnded(id, signal);
      } catch (error) {
        if (signal.aborted) return this.#putBack(id);
        // It keeps its place: with a store that takes nothing, no other job would get further.
        logger.error('A job could not be stored, and goes on when it can be', {
          jobId: id,
          failures,
          error,
        });
        const pauseMs = Math.min(STORE_PAUSE_MS * 2 ** (failures - 1), LONGEST_STORE_PAUSE_MS);
        await pause(pauseMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Throws what the store throws, and when the job has to be let go of. */
  async #untilEnded(id: string, signal: AbortSignal): Promise<void> {
    const { database, onNews, onEnded, logger } = this.#options;
    signal.throwIfAborted();
    if (!this.#counted.has(id)) {
      const starts = database.begin(id, Date.now());
      if (starts === undefined) return;
      onNews(id);
      if (starts > MAX_STARTS)
        return await this.#fail(id, new WhosaidError('job_abandoned', { count: starts - 1 }));
      this.#counted.add(id);
    }
    try {
      for (let failures = 1; ; failures++) {
        const failure = await this.#attempt(id, signal);
        if (failure === undefined) return;
        const mayRetry = failure.entry.retryable && failures <= MAX_RETRIES;
        if (!mayRetry) return await this.#fail(id, failure);
        const { key } = failure;
        logger.warn('A job is tried again after an error', { jobId: id, error: key, failures });
        this.#options.onWork?.({ type: 'retried', reason: 'error' });
        await pause(RETRY_PAUSE_MS * 2 ** (failures - 1), undefined, { signal });
      }
    } catch (error) {
      if (!(error instanceof JobGoneError)) throw error;
      await onEnded(id);
    }
  }

  /** Where it has its final status by now, that stays. */
  #putBack(id: string): void {
    const { database, logger } = this.#options;
    try {
      database.settle(id, { from: ['processing'], to: 'pending', at: Date.now() });
    } catch (error) {
      // The next process goes on with it all the same.
      logger.warn('A job could not be put back', { jobId: id, error });
    }
  }

  /** @returns Why it did not succeed; undefined when it has ended. Throws when it is to be let go of. */
  async #attempt(id: string, signal: AbortSignal): Promise<WhosaidError | undefined> {
    const { database, onEnded } = this.#options;
    signal.throwIfAborted();
    const result = await this.#work(id, signal);
    if (result instanceof WhosaidError) return result;
    const end = { from: ['processing'], to: 'completed', at: Date.now() } as const;
    if (database.settle(id, { ...end, ...result })) await onEnded(id);
    return undefined;
  }

  async #work(id: string, signal: AbortSignal): Promise<DoneJob | WhosaidError> {
    const { database, folderOf, transcribe, logger, onNews } = this.#options;
    try {
      return await runJob({
        id,
        database,
        folder: folderOf(id),
        transcribe,
        signal,
        logger,
        onNews: () => onNews(id),
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof JobGoneError || isOfStore(error)) throw error;
      const failure = WhosaidError.from(error);
      if (failure.status >= 500) logger.error('A job failed', { jobId: id, error });
      return failure;
    }
  }

  async #fail(id: string, failure: WhosaidError): Promise<void> {
    const { database, onEnded } = this.#options;
    const end = { from: ['pending', 'processing'], to: 'failed', at: Date.now() } as const;
    if (database.settle(id, { ...end, error: failure.toPlain() })) await onEnded(id);
  }
}
