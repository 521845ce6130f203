import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { removeSafely } from '#services/temp/remove-safely.js';
import type { TranscriptCache } from '#services/transcription/transcribe-cached.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Transcript } from '#utils/transcript/types.js';
import type {
  Job,
  JobBacklog,
  JobEvent,
  JobPage,
  JobQuery,
  JobRef,
  Jobs,
  NewJob,
  WebhookDelivery,
} from '../types.js';
import { connect, tellsOfRedis, untilReady } from './connect.js';
import { forgetJob, letGoOf } from './forget-job.js';
import { startHousekeeping } from './housekeeping.js';
import { JobFiles } from './job-files.js';
import { listJobs } from './job-list.js';
import { JobState, type Limits } from './job-state.js';
import { JobWatch } from './job-watch.js';
import { DEFAULT_PREFIX } from './keys.js';
import { JobQueues } from './queues.js';
import { openWorker, type RedisWorker, type RedisWorkerOptions } from './redis-worker.js';
import { sharedResults, unknownResults } from './shared-results.js';
import { asUnavailable } from './unavailable.js';

export type RedisJobsOptions = Limits &
  Omit<RedisWorkerOptions, 'concurrency'> & {
    /** Pieces of jobs that this process works on at the same time; 0: it leaves them to others. */
    readonly concurrency: number;
    /** How long jobs are kept after their end; 0 is for ever. */
    readonly retentionHours: number;
    /** Tell webhooks of what these jobs say is due. Ended before the connection is. */
    readonly webhooks?: { poke(): void; close(): Promise<void> };
  };

const OPEN = ['pending', 'processing'] as const;
const RESTART_SECONDS = 5;
/** Redis is waited for at the start no longer: it may come later. */
const START_MS = 5000;
/** One attempt to tell a webhook takes less. */
const LEASE_MS = 60_000;

/**
 * Jobs of many machines: their state is in Redis, their files are where all machines see them, and whoever is there does
 * the work. While Redis is away all calls reject with `jobs_unavailable`, and what is in work goes on.
 */
export class RedisJobs implements Jobs {
  /** Transcripts that are kept for the same recording to come again; absent where none are. */
  readonly results: TranscriptCache | undefined;
  readonly #options: RedisJobsOptions;
  /** Two: one for what is asked, one for messages, which takes no questions. */
  readonly #client: Redis;
  readonly #state: JobState;
  readonly #files: JobFiles;
  readonly #queues: JobQueues;
  readonly #watch: JobWatch;
  readonly #worker: RedisWorker | undefined;
  readonly #closing = new AbortController();
  #stopHousekeeping = async (): Promise<void> => {};
  #closed: Promise<void> | undefined;

  constructor(options: RedisJobsOptions) {
    this.#options = options;
    const { url, blobs, prefix = DEFAULT_PREFIX, logger, concurrency, webhooks, onWork } = options;
    this.#client = connect({ url, kind: 'asking', onChange: tellsOfRedis(logger) });
    this.#state = new JobState({
      client: this.#client,
      prefix,
      onEnded: (job) => onWork?.({ type: 'ended', job }),
    });
    this.#files = new JobFiles(blobs);
    this.#queues = new JobQueues({ connection: this.#client, keys: this.#state.keys });
    this.results = sharedResults({ ...options, client: this.#client, prefix });
    this.#worker = concurrency > 0 ? openWorker(options) : undefined;
    this.#watch = new JobWatch({
      state: this.#state,
      subscriber: connect({ url, kind: 'working' }),
      onCancelled: () => {},
      onDue: () => webhooks?.poke(),
    });
  }

  async start(): Promise<void> {
    const { retentionHours, logger, blobs, prefix = DEFAULT_PREFIX } = this.#options;
    await untilReady(this.#client, START_MS);
    const place = { client: this.#client, prefix, blobs };
    this.#watch.start();
    this.#worker?.start();
    this.#stopHousekeeping = startHousekeeping({
      state: this.#state,
      files: this.#files,
      queues: this.#queues,
      unknownResults: {
        find: () => unknownResults(place),
        remove: (name) => blobs.removeAll(name),
      },
      retentionHours,
      logger,
      forget: (id) => this.#forget(id),
      // Messages get lost while Redis is away, and gateways end before they have told what they took.
      remind: () => this.#options.webhooks?.poke(),
    });
  }

  create(job: NewJob): Promise<{ job: Job; isNew: boolean }> {
    return this.#asking(async () => {
      this.#closing.signal.throwIfAborted();
      // Before a large recording goes to where it may be there already.
      const earlier = await this.#state.madeWith(job);
      return earlier ? { job: earlier, isNew: false } : this.#make(job);
    });
  }

  get(ref: JobRef): Promise<Job | undefined> {
    return this.#asking(() => this.#state.get(ref));
  }

  list(query: JobQuery): Promise<JobPage> {
    return this.#asking(() => listJobs(this.#state, query));
  }

  cancel(ref: JobRef): Promise<Job | undefined> {
    return this.#asking(async () => {
      const job = await this.#state.get(ref);
      if (job === undefined) return undefined;
      if (!(await this.#state.settle(ref.id, { from: OPEN, to: 'cancelled' }))) {
        const { status } = (await this.#state.get(ref)) ?? job;
        throw new WhosaidError('job_finished', { id: ref.id, status });
      }
      await letGoOf(ref.id, this.#queues);
      await this.#files.remove(ref.id);
      return this.#state.get(ref);
    });
  }

  remove(ref: JobRef): Promise<boolean> {
    return this.#asking(async () => {
      if ((await this.#state.get(ref)) === undefined) return false;
      await this.#forget(ref.id);
      return true;
    });
  }

  transcript(ref: JobRef): Promise<Transcript | undefined> {
    return this.#asking(async () => {
      const job = await this.#state.get(ref);
      return job?.status === 'completed' ? this.#files.transcript(ref.id) : undefined;
    });
  }

  events(
    ref: JobRef,
    { after, signal }: { after: number; signal: AbortSignal },
  ): Promise<AsyncGenerator<JobEvent, void, void> | undefined> {
    return this.#asking(async () => {
      if ((await this.#state.get(ref)) === undefined) return undefined;
      const ends = AbortSignal.any([signal, this.#closing.signal]);
      return this.#watch.follow(ref.id, { after, signal: ends });
    });
  }

  counts(): Promise<{ pending: number; processing: number }> {
    return this.#asking(() => this.#state.counts());
  }

  backlog(): Promise<JobBacklog> {
    return this.#asking(async () => {
      const [backlog, waitingChunks] = await Promise.all([
        this.#state.backlog(),
        this.#queues.waitingChunks(),
      ]);
      return { ...backlog, waitingChunks };
    });
  }

  /**
   * Webhooks that are to be told: each is given to one gateway, and to another one if that does not record an attempt.
   * Times are those of this machine; Redis, whose clock decides for all, is told how far they are from now.
   */
  dueDeliveries(
    time: number,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly url: string; readonly attempt: number }[]> {
    const inMs = Math.max(0, time - Date.now());
    return this.#asking(() => this.#state.takeDue(inMs, { limit, leaseMs: LEASE_MS }));
  }

  recordDelivery(id: string, delivery: WebhookDelivery, next: number | undefined): Promise<void> {
    const inMs = next === undefined ? undefined : next - Date.now();
    return this.#asking(() => this.#state.recordDelivery(id, delivery, inMs));
  }

  async nextDeliveryAt(): Promise<number | undefined> {
    const inMs = await this.#asking(() => this.#state.nextDeliveryIn());
    return inMs === undefined ? undefined : Date.now() + inMs;
  }

  /** Whoever's: for telling its webhook. */
  jobFor(id: string): Promise<Job | undefined> {
    return this.#asking(() => this.#state.find(id));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const reason = new WhosaidError('server_stopping', { seconds: RESTART_SECONDS });
    this.#closing.abort(reason);
    await Promise.all([this.#worker?.close(reason), this.#options.webhooks?.close()]);
    const tidied = this.#stopHousekeeping();
    this.#watch.close();
    // What still asks is answered that the connection is closed.
    this.#client.disconnect();
    await tidied;
    await this.#queues.close().catch(() => {});
  }

  async #make(job: NewJob): Promise<{ job: Job; isNew: boolean }> {
    const id = randomUUID();
    await this.#files.putReceived(id, job);
    const inserted = await this.#state.insert({ ...job, id }, this.#options).catch((error) => {
      // After a broken connection nobody knows whether it is refused: files that belong to no job are found later.
      if (error instanceof WhosaidError) this.#removeFiles(id);
      throw error;
    });
    const isNew = inserted.type === 'new';
    if (isNew) {
      // It is accepted: what fails from here on is made up for by housekeeping.
      await this.#queues.addJob(id, inserted.turn).catch(() => {});
      await this.#removeFolder(job.folder);
    } else this.#removeFiles(id);
    const made = await this.#state.find(isNew ? id : inserted.id);
    if (made === undefined) throw new WhosaidError('job_unknown', { id });
    return { job: made, isNew };
  }

  /** Of a job that was not made. */
  #removeFiles(id: string): void {
    // What is left is found by housekeeping.
    this.#files.remove(id).catch(() => {});
  }

  async #removeFolder(folder: string): Promise<void> {
    const code = await removeSafely(folder);
    if (code !== undefined)
      this.#options.logger.warn('A folder of a job could not be removed', { code });
  }

  /** Removes everything about a job. */
  #forget(id: string): Promise<void> {
    return forgetJob(id, { state: this.#state, files: this.#files, queues: this.#queues });
  }

  #asking<Result>(ask: () => Promise<Result>): Promise<Result> {
    return asUnavailable(ask);
  }
}
