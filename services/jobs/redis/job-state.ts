import type { Redis } from 'ioredis';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import {
  isFinal,
  type Job,
  type JobBacklog,
  type JobEvent,
  type JobNews,
  type JobRef,
  type JobStatus,
  type NewJob,
  type WebhookDelivery,
} from '../types.js';
import type { EndedJob } from '../work-event.js';
import { ADVANCE, NEXT_TURN, REMOVE, SET_TOTAL, SETTLE, START, TELL } from './course-scripts.js';
import { NEXT_DUE, RECORD_DELIVERY, TAKE_DUE } from './delivery-scripts.js';
import { INSERT } from './insert-script.js';
import { jobOfHash, newJobFields, type StoredJob } from './job-hash.js';
import { type Keys, keysBehind } from './keys.js';
import { run, type Script } from './script.js';

export type JobStateOptions = {
  readonly client: Redis;
  readonly prefix: string;
  /** Hears of the jobs that get their final status from here. */
  readonly onEnded?: (job: EndedJob) => void;
};

export type Inserted =
  | { readonly type: 'new'; readonly turn: number }
  | { readonly type: 'found'; readonly id: string };

/** Limits over all gateways together. */
export type Limits = { readonly maxJobs: number; readonly maxBytes: number };

/** Jobs end at any moment, but long ones take long. */
const RETRY_SECONDS = 60;
/** Events of progress of one job are no closer together. */
const TELL_EVERY_MS = 500;

/**
 * All that is known about jobs, in Redis: whoever asks, on whatever machine, sees the same. What changes more than one
 * thing is a script and happens at once or not at all. Rejects as the connection does.
 */
export class JobState {
  readonly keys: Keys;
  readonly client: Redis;
  readonly #prefix: string;
  readonly #onEnded: (job: EndedJob) => void;

  constructor({ client, prefix, onEnded }: JobStateOptions) {
    this.client = client;
    this.#prefix = prefix;
    this.#onEnded = onEnded ?? (() => {});
    this.keys = keysBehind(prefix);
  }

  /** Makes a job, or finds the one with its idempotency key. Rejects with `idempotency_conflict` and `jobs_full`. */
  async insert(job: NewJob & { readonly id: string }, limits: Limits): Promise<Inserted> {
    const { id, owner, bytes, idempotency, batchId } = job;
    const [result, detail] = (await this.#run(
      INSERT,
      id,
      owner,
      bytes,
      idempotency ? `=${idempotency.key}` : '',
      idempotency?.fingerprint ?? '',
      batchId === undefined ? '' : `=${batchId}`,
      limits.maxJobs,
      limits.maxBytes,
      ...newJobFields(job),
    )) as [string, string];
    if (result === 'new') return { type: 'new', turn: Number(detail) };
    if (result === 'found') return { type: 'found', id: detail };
    if (result === 'conflict') throw new WhosaidError('idempotency_conflict');
    throw jobsFull(result, Number(detail), limits);
  }

  /** The job that was made with this idempotency key. Rejects with `idempotency_conflict`. */
  async madeWith({ owner, idempotency }: NewJob): Promise<Job | undefined> {
    if (idempotency === undefined) return undefined;
    const id = await this.client.hget(this.keys.idempotency(owner), `=${idempotency.key}`);
    if (id === null) return undefined;
    const fingerprint = await this.client.hget(this.keys.job(id), 'fingerprint');
    if (fingerprint === idempotency.fingerprint) return this.find(id);
    if (fingerprint === null) return undefined;
    throw new WhosaidError('idempotency_conflict');
  }

  async get({ id, owner }: JobRef): Promise<Job | undefined> {
    const job = await this.find(id);
    return job?.owner === owner ? job : undefined;
  }

  /** Whoever's. */
  async find(id: string): Promise<StoredJob | undefined> {
    const [job] = await this.read([id]);
    return job;
  }

  /** Some jobs at once, in this order; undefined for what is not there. */
  async read(ids: readonly string[]): Promise<(StoredJob | undefined)[]> {
    const { keys } = this;
    const pipeline = this.client.pipeline();
    for (const id of ids) {
      pipeline.hgetall(keys.job(id));
      pipeline.lrange(keys.deliveries(id), 0, -1);
      pipeline.zrank(keys.pending, id);
    }
    const replies = (await pipeline.exec()) ?? [];
    const values = replies.map(([error, value]) => {
      if (error) throw error;
      return value;
    });
    return ids.map((_, index) => {
      const [hash, deliveries, pendingBefore] = values.slice(3 * index, 3 * index + 3);
      return jobOfHash(hash as Record<string, string>, {
        deliveries: deliveries as string[],
        pendingBefore: pendingBefore as number | null,
      });
    });
  }

  /** Undefined where there is no such job. */
  async statusOf(id: string): Promise<JobStatus | undefined> {
    return ((await this.client.hget(this.keys.job(id), 'status')) ?? undefined) as
      | JobStatus
      | undefined;
  }

  /** Changes the status if it is one of `from`, and tells it. False: nothing was changed. */
  async settle(
    id: string,
    change: {
      readonly from: readonly JobStatus[];
      readonly to: JobStatus;
      readonly error?: Job['error'];
      /** Its transcript is that of an earlier job or request. */
      readonly fromCache?: boolean;
    },
  ): Promise<boolean> {
    const { from, to, error, fromCache = false } = change;
    const news: JobNews = { type: 'status', status: to, ...(error && { error }) };
    const told = error ? JSON.stringify(error) : '';
    const statuses = ` ${from.join(' ')} `;
    const values = [statuses, to, JSON.stringify(news), told, fromCache ? 1 : 0] as const;
    const times = await this.#run(SETTLE, id, ...values);
    if (!Array.isArray(times)) return false;
    if (isFinal(to)) this.#onEnded({ status: to, ...timesOf(times), ...(error && { error }) });
    return true;
  }

  /**
   * A piece of work is begun; the job is `processing` from now on. Gives how often that was so since the job got further
   * last, this time included; undefined where the job is final or gone.
   */
  async start(
    id: string,
    work: { readonly piece: string; readonly turn: number },
  ): Promise<number | undefined> {
    const starts = (await this.#run(START, id, work.piece, work.turn)) as number;
    return starts === 0 ? undefined : starts;
  }

  /** The tag of the turn of a job's next chunk. */
  async nextTurn(id: string): Promise<number> {
    return Number(await this.#run(NEXT_TURN, id));
  }

  /** So many seconds of a piece are worked through. False where the job is final or gone. */
  async advance(
    id: string,
    { piece, seconds, isDone }: { piece: string; seconds: number; isDone: boolean },
  ): Promise<boolean> {
    const reached = seconds.toFixed(3);
    const values = [id, piece, reached, isDone ? 1 : 0, TELL_EVERY_MS] as const;
    return (await this.#run(ADVANCE, ...values)) === 1;
  }

  /** The recording lasts so long. False where the job is final or gone. */
  async setTotal(id: string, seconds: number): Promise<boolean> {
    return (await this.#run(SET_TOTAL, id, seconds)) === 1;
  }

  /** Tells news, segments only once. False where the job is final or gone. */
  async tell(id: string, news: readonly JobNews[]): Promise<boolean> {
    const values = news.flatMap((each) => [
      JSON.stringify(each),
      each.type === 'segment' ? each.id : -1,
      JSON.stringify(each.type === 'progress' ? secondsOf(each) : {}),
    ]);
    return (await this.#run(TELL, id, ...values)) === 1;
  }

  async events(id: string, page: { after: number; limit: number }): Promise<JobEvent[]> {
    const from = `(${page.after}-0`;
    const entries = await this.client.xrange(this.keys.events(id), from, '+', 'COUNT', page.limit);
    return entries.map(([name, fields]) => ({
      seq: Number.parseInt(name, 10),
      at: Number(fields[1]),
      news: JSON.parse(fields[3] as string) as JobNews,
    }));
  }

  async counts(): Promise<{ pending: number; processing: number }> {
    const [pending, processing] = await Promise.all([
      this.client.zcard(this.keys.pending),
      this.client.zcard(this.keys.processing),
    ]);
    return { pending, processing };
  }

  /** By the clock of Redis. */
  async backlog(): Promise<Omit<JobBacklog, 'waitingChunks'>> {
    const { pending } = this.keys;
    const [counts, [, madeAt], [seconds]] = await Promise.all([
      this.counts(),
      this.client.zrange(pending, '0', '0', 'WITHSCORES'),
      this.client.time(),
    ]);
    const waitedSeconds = madeAt === undefined ? 0 : Number(seconds) - Number(madeAt) / 1000;
    return { ...counts, oldestPendingSeconds: Math.max(0, waitedSeconds) };
  }

  /** Ids of jobs that have not ended. */
  async open(): Promise<string[]> {
    const { pending, processing } = this.keys;
    const ids = await Promise.all(
      [pending, processing].map((set) => this.client.zrange(set, '0', '-1')),
    );
    return ids.flat();
  }

  /** Of Redis: the machines' clocks may differ, and so does what they think is old. */
  async now(): Promise<number> {
    const [seconds = 0, microseconds = 0] = (await this.client.time()).map(Number);
    return seconds * 1000 + Math.floor(microseconds / 1000);
  }

  /** Ids of jobs that ended before this time, oldest end first. */
  endedBefore(time: number, limit: number): Promise<string[]> {
    return this.client.zrangebyscore(this.keys.ended, '-inf', `(${time}`, 'LIMIT', 0, limit);
  }

  /** Everything about a job. False where there is none. */
  async remove(id: string): Promise<boolean> {
    return (await this.#run(REMOVE, id)) === 1;
  }

  /** Webhooks that are to be told by then, from now; whoever takes them has so long to record an attempt. */
  async takeDue(
    inMs: number,
    { limit, leaseMs }: { limit: number; leaseMs: number },
  ): Promise<{ id: string; url: string; attempt: number }[]> {
    const flat = (await this.#run(TAKE_DUE, inMs, limit, leaseMs)) as string[];
    return Array.from({ length: flat.length / 3 }, (_, index) => {
      const [id = '', url = '', attempt] = flat.slice(3 * index, 3 * index + 3);
      return { id, url, attempt: Number(attempt) };
    });
  }

  async recordDelivery(
    id: string,
    delivery: WebhookDelivery,
    nextInMs: number | undefined,
  ): Promise<void> {
    await this.#run(RECORD_DELIVERY, id, JSON.stringify(delivery), nextInMs ?? '');
  }

  /** Milliseconds from now; negative where it should have been told before. */
  async nextDeliveryIn(): Promise<number | undefined> {
    const inMs = (await this.#run(NEXT_DUE)) as string;
    return inMs === '' ? undefined : Number(inMs);
  }

  #run(script: Script, ...values: readonly (string | number)[]): Promise<unknown> {
    return run({ client: this.client, prefix: this.#prefix }, script, ...values);
  }
}

function secondsOf({ audioSeconds, totalSeconds }: Extract<JobNews, { type: 'progress' }>) {
  return {
    audioSeconds: String(audioSeconds),
    ...(totalSeconds !== undefined && { totalSeconds: String(totalSeconds) }),
  };
}

function timesOf([createdAt, startedAt, endedAt]: readonly (string | null)[]) {
  return {
    createdAt: Number(createdAt),
    ...(startedAt && { startedAt: Number(startedAt) }),
    ...(endedAt && { endedAt: Number(endedAt) }),
  };
}

function jobsFull(what: string, used: number, { maxJobs, maxBytes }: Limits): WhosaidError {
  const isCount = what === 'jobs';
  return new WhosaidError('jobs_full', {
    used,
    limit: isCount ? maxJobs : maxBytes,
    what: isCount ? 'jobs' : 'bytes of recordings',
    seconds: RETRY_SECONDS,
  });
}
