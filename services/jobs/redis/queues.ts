import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { StoredPlace } from './chunk-piece.js';
import type { Keys } from './keys.js';

/** Carries jobs to those who cut them into chunks and put the results together. */
export const JOB_QUEUE = 'jobs';
/** Carries chunks to those who work through them. */
export const CHUNK_QUEUE = 'chunks';

/** What the queue knows of a job: how far its recording is cut. */
export type QueuedJob = {
  readonly id: string;
  /** The chunks that are cut off and queued, by channel, then in order. */
  readonly chunks: readonly StoredPlace[];
  /** All are. */
  readonly isCut: boolean;
  /** What the transcript is kept under for the same recording to come again; not known before it was decoded. */
  readonly resultKey?: string;
};

export type QueuedChunk = {
  readonly id: string;
  readonly place: StoredPlace;
  readonly turn: number;
};

/** Attempts at a piece of work that fails with an error which may pass. Ends of processes are none. */
export const ATTEMPTS = 5;
const BACKOFF_MS = 2000;
/** The largest number that the queue takes: from there on all come in the order of their arrival. */
const LAST_PRIORITY = 2_097_151;

/** Puts work into the queues. What has ended leaves nothing there: what is known of jobs is kept elsewhere. */
export class JobQueues {
  readonly #jobs: Queue<QueuedJob>;
  readonly #chunks: Queue<QueuedChunk>;

  constructor({ connection, keys }: { readonly connection: Redis; readonly keys: Keys }) {
    const options = {
      connection,
      prefix: keys.queues,
      skipVersionCheck: true,
      // Whether Redis is waited for is the connection's affair.
      skipWaitingForReady: true,
    } as const;
    this.#jobs = new Queue(JOB_QUEUE, options);
    this.#chunks = new Queue(CHUNK_QUEUE, options);
    // Whoever asks hears of failures; without a listener they would end the process.
    for (const queue of [this.#jobs, this.#chunks]) queue.on('error', () => {});
  }

  /** Again: nothing happens while it is there. */
  async addJob(id: string, turn: number): Promise<void> {
    await this.#jobs.add(
      'job',
      { id, chunks: [], isCut: false },
      { ...optionsOf(turn), jobId: id },
    );
  }

  /** A chunk of a job that is in work: the job goes on when all of its chunks have ended. */
  async addChunk(chunk: QueuedChunk, name: string): Promise<void> {
    const parent = { id: chunk.id, queue: this.#jobs.qualifiedName };
    const jobId = `${chunk.id}-${name}`;
    // Failures of chunks are told by those who work on them: the queue only has to let the job go on.
    const options = { ...optionsOf(chunk.turn), removeDependencyOnFailure: true };
    await this.#chunks.add('chunk', chunk, { ...options, jobId, parent });
  }

  async hasJob(id: string): Promise<boolean> {
    return (await this.#jobs.getJob(id)) !== undefined;
  }

  /** Takes out what waits of a job; what is in work stays. */
  async remove(id: string): Promise<void> {
    const job = await this.#jobs.getJob(id);
    await job?.removeUnprocessedChildren();
    await this.#jobs.remove(id, { removeChildren: true }).catch(() => {});
  }

  /** Chunks that nobody has in hand. */
  waitingChunks(): Promise<number> {
    return this.#chunks.getJobCountByTypes('waiting', 'prioritized', 'delayed');
  }

  /** Whether anybody, anywhere, works on a job. */
  async isInWork(id: string): Promise<boolean> {
    const active = await Promise.all([this.#jobs.getActive(), this.#chunks.getActive()]);
    return active.flat().some((job) => job?.data?.id === id);
  }

  async close(): Promise<void> {
    await Promise.all([this.#jobs.close(), this.#chunks.close()]);
  }
}

function optionsOf(turn: number) {
  return {
    priority: Math.min(LAST_PRIORITY, turn + 1),
    attempts: ATTEMPTS,
    backoff: { type: 'exponential', delay: BACKOFF_MS },
    removeOnComplete: true,
    removeOnFail: true,
    stackTraceLimit: 0,
  } as const;
}
