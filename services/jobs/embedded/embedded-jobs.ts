import { randomUUID } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { removeSafely } from '#services/temp/remove-safely.js';
import { Pulse } from '#services/transcription/pulse.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';
import type { Transcript } from '#utils/transcript/types.js';
import type { JobDatabase } from '../store/job-database.js';
import type {
  Job,
  JobBacklog,
  JobEvent,
  JobPage,
  JobQuery,
  JobRef,
  Jobs,
  NewJob,
} from '../types.js';
import type { WorkEvent } from '../work-event.js';
import { startHousekeeping } from './housekeeping.js';
import { JobRunner } from './job-runner.js';
import { JobWatch } from './job-watch.js';
import { checkRoom, type JobLimits } from './room-for-jobs.js';
import type { TranscribeJob } from './run-job.js';

export type EmbeddedJobsOptions = JobLimits & {
  /** Closed by `close`. */
  readonly database: JobDatabase;
  /** Holds a folder for each job that has not ended. */
  readonly folder: string;
  readonly transcribe: TranscribeJob;
  /** Jobs in work at the same time. */
  readonly concurrency: number;
  /** How long jobs are kept after their end; 0 is for ever. */
  readonly retentionHours: number;
  readonly logger: Logger;
  /** Hears of pieces of work that are begun anew. */
  readonly onWork?: (event: WorkEvent) => void;
  /** Tell webhooks of what the database says is due. Ended before it is closed. */
  readonly webhooks?: { poke(): void; close(): Promise<void> };
};

const OPEN = ['pending', 'processing'] as const;
const RESTART_SECONDS = 5;

/**
 * Jobs of one machine: their state is in a database, their recordings are in folders, and this process does the work.
 * Whatever happens to the process, the next one goes on where this one was.
 */
export class EmbeddedJobs implements Jobs {
  readonly #options: EmbeddedJobsOptions;
  readonly #database: JobDatabase;
  readonly #runner: JobRunner;
  readonly #watch = new JobWatch();
  readonly #closing = new AbortController();
  /** Jobs that come while the server starts wait for it. */
  readonly #started = new Pulse();
  #hasStarted = false;
  #stopHousekeeping = async (): Promise<void> => {};
  #closed: Promise<void> | undefined;

  constructor(options: EmbeddedJobsOptions) {
    this.#options = options;
    this.#database = options.database;
    this.#runner = new JobRunner({
      ...options,
      folderOf: (id) => this.#folderOf(id),
      onNews: (id) => this.#watch.happen(id),
      onEnded: (id) => this.#ended(id),
    });
  }

  async start(): Promise<void> {
    const { folder, database } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const forget = (id: string) => this.#forget(id);
    this.#stopHousekeeping = await startHousekeeping({ ...this.#options, forget });
    for (const { id, owner, bytes } of database.open()) this.#runner.add({ id, owner, bytes });
    this.#hasStarted = true;
    this.#started.happen();
    this.#options.webhooks?.poke();
  }

  async create(job: NewJob): Promise<{ job: Job; isNew: boolean }> {
    if (!this.#hasStarted) await this.#started.wait();
    this.#closing.signal.throwIfAborted();
    const repeated = this.#database.repeated(job);
    if (repeated) return { job: repeated, isNew: false };
    this.#refuse(job);
    const id = randomUUID();
    const folder = this.#folderOf(id);
    await rename(job.folder, folder);
    let isTaken = false;
    try {
      // Others came while the folder was moved.
      this.#refuse(job);
      const made = this.#database.insert({ ...job, id, createdAt: Date.now() });
      isTaken = made.isNew;
      if (isTaken) this.#runner.add({ id, owner: job.owner, bytes: job.bytes });
      return made;
    } finally {
      if (!isTaken) await rename(folder, job.folder);
    }
  }

  async get(ref: JobRef): Promise<Job | undefined> {
    return this.#database.get(ref);
  }

  async list(query: JobQuery): Promise<JobPage> {
    return this.#database.list(query);
  }

  async cancel(ref: JobRef): Promise<Job | undefined> {
    const job = this.#database.get(ref);
    if (job === undefined) return undefined;
    if (!this.#settleCancelled(ref.id)) {
      const { status } = this.#database.get(ref) ?? job;
      throw new WhosaidError('job_finished', { id: ref.id, status });
    }
    await this.#runner.letGo(ref.id);
    await this.#ended(ref.id);
    return this.#database.get(ref);
  }

  async remove(ref: JobRef): Promise<boolean> {
    if (this.#database.get(ref) === undefined) return false;
    await this.#forget(ref.id);
    return true;
  }

  async transcript(ref: JobRef): Promise<Transcript | undefined> {
    return this.#database.get(ref) && this.#database.transcript(ref.id);
  }

  async events(
    ref: JobRef,
    { after, signal }: { after: number; signal: AbortSignal },
  ): Promise<AsyncGenerator<JobEvent, void, void> | undefined> {
    if (this.#database.get(ref) === undefined) return undefined;
    const ends = AbortSignal.any([signal, this.#closing.signal]);
    return this.#watch.follow(ref.id, { after, signal: ends, database: this.#database });
  }

  async counts(): Promise<{ pending: number; processing: number }> {
    const { pending, processing } = this.#database.counts();
    return { pending, processing };
  }

  async backlog(): Promise<JobBacklog> {
    const oldestAt = this.#database.oldestPendingAt();
    // The clock may have been set back meanwhile.
    const waitedMs = oldestAt === undefined ? 0 : Math.max(0, Date.now() - oldestAt);
    return {
      ...(await this.counts()),
      oldestPendingSeconds: waitedMs / 1000,
      // The pipeline of a job has its chunks in hand.
      waitingChunks: 0,
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const reason = new WhosaidError('server_stopping', { seconds: RESTART_SECONDS });
    this.#closing.abort(reason);
    this.#hasStarted = true;
    this.#started.happen();
    await this.#runner.close(reason);
    await Promise.all([this.#stopHousekeeping(), this.#options.webhooks?.close()]);
    this.#watch.close();
    this.#database.close();
  }

  #refuse({ bytes }: NewJob): void {
    this.#closing.signal.throwIfAborted();
    checkRoom(this.#options, this.#database.counts(), bytes);
  }

  #folderOf(id: string): string {
    return join(this.#options.folder, id);
  }

  #settleCancelled(id: string): boolean {
    return this.#database.settle(id, { from: OPEN, to: 'cancelled', at: Date.now() });
  }

  /** Its recording is of no more use. */
  async #ended(id: string): Promise<void> {
    this.#watch.happen(id);
    this.#options.webhooks?.poke();
    const code = await removeSafely(this.#folderOf(id));
    if (code === undefined) return;
    this.#options.logger.warn('A folder of a job could not be removed', { code });
  }

  /** Removes everything about a job. */
  async #forget(id: string): Promise<void> {
    this.#settleCancelled(id);
    await this.#runner.letGo(id);
    this.#database.remove(id);
    await this.#ended(id);
  }
}
