import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { isFinal, type Job, type WebhookDelivery } from '#services/jobs/types.js';
import type { Network } from '#services/remote/address-guard.js';
import type { Logger } from '#utils/logging/logger.js';
import { type DeliveryResult, deliver } from './deliver.js';
import { webhookEvent } from './event.js';
import { DEFAULT_PAUSES_MS, longestPause, pauseAfter } from './pauses.js';

type Awaitable<Value> = Value | Promise<Value>;

/** A webhook that is to be told. `attempt` is the number of the one to make: 1, 2, 3 … */
export type DueDelivery = { readonly id: string; readonly url: string; readonly attempt: number };

export const ATTEMPT_OUTCOMES = ['delivered', 'unwanted', 'failed', 'given_up'] as const;

/** `failed` is tried again, `given_up` is not. */
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** Where it is kept what is to be told. All may throw: it is tried again then. */
export type WebhookSource = {
  /** What is due, the oldest first. What is not recorded yet may be given again. */
  dueDeliveries(now: number, limit: number): Awaitable<readonly DueDelivery[]>;
  /** `next` is the time of the next attempt, undefined where there is to be none. */
  recordDelivery(id: string, delivery: WebhookDelivery, next: number | undefined): Awaitable<void>;
  /** When the next one is due, or was. */
  nextDeliveryAt(): Awaitable<number | undefined>;
  jobFor(id: string): Awaitable<Job | undefined>;
};

export type WebhookDispatcherOptions = {
  readonly source: WebhookSource;
  /** `whsec_…` */
  readonly secret: string;
  /** Whether webhooks may be on this machine or in a private network. */
  readonly allowPrivate: boolean;
  /** The address that the operator set for all jobs: that one may be anywhere. */
  readonly operatorUrl?: string | null;
  readonly logger: Logger;
  /** Hears how each attempt went. */
  readonly onAttempt?: (outcome: AttemptOutcome) => void;
  /** Deliveries at the same time; for a moment there may be twice as many. Default 8. */
  readonly concurrency?: number;
  /** For one attempt. Default 15,000. */
  readonly timeoutMs?: number;
  /** After each failed attempt; one more than these is made. */
  readonly pausesMs?: readonly number[];
  /** After a failure of the source. Default 5000. */
  readonly sourcePauseMs?: number;
  /** Milliseconds since 1970; it may jump. Default `Date.now`. */
  readonly now?: () => number;
  readonly network?: Network;
};

export type WebhookDispatcher = {
  /** Something may be due. The first call begins the work, also with what became due earlier. */
  poke(): void;
  /** Breaks off what is under way, which stays due. Idempotent; never rejects. */
  close(): Promise<void>;
};

/** While something is in hand that seems due, and where the clock has jumped. */
const LEAST_LOOK_MS = 1000;
/** Clocks jump, and timers know nothing of that. */
const MOST_LOOK_MS = 60_000;

/** Tells webhooks what is due, at least once each, until they have heard it or too many attempts have failed. */
export function createWebhookDispatcher(options: WebhookDispatcherOptions): WebhookDispatcher {
  return new Dispatcher(options);
}

class Dispatcher implements WebhookDispatcher {
  readonly #options: WebhookDispatcherOptions;
  readonly #stopping = new AbortController();
  readonly #inHand = new Map<string, Promise<void>>();
  readonly #concurrency: number;
  readonly #pausesMs: readonly number[];
  readonly #sourcePauseMs: number;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #isPoked = false;

  constructor(options: WebhookDispatcherOptions) {
    this.#options = options;
    // Each delivery listens.
    setMaxListeners(0, this.#stopping.signal);
    this.#concurrency = options.concurrency ?? 8;
    this.#pausesMs = options.pausesMs ?? DEFAULT_PAUSES_MS;
    this.#sourcePauseMs = options.sourcePauseMs ?? 5000;
    this.#now = options.now ?? Date.now;
  }

  poke(): void {
    if (this.#stopping.signal.aborted) return;
    this.#isPoked = true;
    this.#looking ??= this.#lookWhilePoked();
  }

  async close(): Promise<void> {
    this.#stopping.abort(new Error('The server is stopping.'));
    clearTimeout(this.#timer);
    await this.#looking;
    await Promise.all(this.#inHand.values());
  }

  async #lookWhilePoked(): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#isPoked && !signal.aborted) {
      this.#isPoked = false;
      clearTimeout(this.#timer);
      const againMs = await this.#look().catch((error: unknown) => {
        this.#options.logger.error('What webhooks are to be told cannot be read', { error });
        return this.#sourcePauseMs;
      });
      if (againMs === undefined || signal.aborted) continue;
      this.#timer = setTimeout(() => this.poke(), againMs);
    }
    // Here, and not when the promise has settled: a poke in between would be lost.
    this.#looking = undefined;
  }

  /** Begins what is due. @returns when to look again; undefined: when somebody pokes */
  async #look(): Promise<number | undefined> {
    const { source } = this.#options;
    if (this.#inHand.size >= this.#concurrency) return undefined;
    const first = await source.nextDeliveryAt();
    if (first === undefined) return undefined;
    // What seems to be further away than any pause was planned before the clock was set back.
    const isPlausible = first - this.#now() <= longestPause(this.#pausesMs);
    const due = await source.dueDeliveries(isPlausible ? this.#now() : first, this.#concurrency);
    if (this.#stopping.signal.aborted) return undefined;
    for (const each of due) {
      if (!this.#inHand.has(each.id)) this.#inHand.set(each.id, this.#tell(each));
    }
    const next = await source.nextDeliveryAt();
    if (next === undefined) return undefined;
    const waitMs = next - this.#now();
    return waitMs > 0 ? Math.min(waitMs, MOST_LOOK_MS) : LEAST_LOOK_MS;
  }

  async #tell(due: DueDelivery): Promise<void> {
    const { signal } = this.#stopping;
    try {
      await this.#attempt(due);
    } catch (error) {
      if (signal.aborted) return;
      this.#options.logger.error('What a webhook was told cannot be recorded', { error });
      // Otherwise it would be told again at once, and again.
      await pause(this.#sourcePauseMs, undefined, { signal }).catch(() => {});
    } finally {
      this.#inHand.delete(due.id);
      this.poke();
    }
  }

  async #attempt(due: DueDelivery): Promise<void> {
    const at = this.#now();
    const { id, attempt } = due;
    const { outcome, status, failure, retryAfterMs } = await this.#deliver(due, at);
    const isToBeRepeated = outcome === 'failed';
    const pauseMs = isToBeRepeated
      ? pauseAfter({ attempt, pausesMs: this.#pausesMs, retryAfterMs })
      : undefined;
    this.#options.onAttempt?.(isToBeRepeated && pauseMs === undefined ? 'given_up' : outcome);
    const said = {
      ...(status !== undefined && { status }),
      ...(failure !== undefined && { failure }),
    };
    if (outcome !== 'delivered') {
      const message =
        pauseMs === undefined
          ? 'A webhook was not told that a job has ended, and is given up'
          : 'A webhook was not told that a job has ended, and is tried again later';
      this.#options.logger.warn(message, { attempt, ...said });
    }
    const next = pauseMs === undefined ? undefined : this.#now() + pauseMs;
    await this.#options.source.recordDelivery(id, { at, attempt, ...said }, next);
  }

  async #deliver({ id, url }: DueDelivery, at: number): Promise<DeliveryResult> {
    const { source, secret, allowPrivate, operatorUrl, timeoutMs = 15_000 } = this.#options;
    const job = await source.jobFor(id);
    if (job === undefined || !isFinal(job.status)) {
      return { outcome: 'unwanted', failure: 'there is no such job any more' };
    }
    return deliver({
      url,
      event: webhookEvent(job),
      secret,
      at,
      allowPrivate: allowPrivate || url === operatorUrl,
      timeoutMs,
      signal: this.#stopping.signal,
      network: this.#options.network,
    });
  }
}
