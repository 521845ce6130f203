import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { EngineHost, EngineHostOptions } from '../engine-host.js';
import type { Operations } from '../protocol.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { CorePlaces } from './core-places.js';
import { FairQueue, type QueueTicket } from './fair-queue.js';
import { circuitOpenError, crashedError, noHostError, stoppingError } from './pool-errors.js';

export type WorkDispatchOptions<Host> = Pick<EngineHostOptions, 'role' | 'model' | 'logger'> & {
  /** How many hosts there are at most. */
  readonly size: number;
  /** What all pools share; without it, all hosts may work at once. */
  readonly cores?: CorePlaces;
  /** Of each host. Default 1. */
  readonly threads?: number;
  /** How long requests are refused after failure upon failure, at first and at most. Default 5000 and 60,000. */
  readonly circuitPauseMs?: number;
  readonly maxCircuitPauseMs?: number;
  /** Those there are now; none while nothing is loaded. */
  readonly hosts: () => readonly Host[];
  /** True while no host may be given anything, because all are about to go. */
  readonly isHeld: () => boolean;
  /** Something waits: there may have to be hosts. */
  readonly onWaiting: () => void;
  /** Nothing waits and nothing is in work. Others may still be about to come. */
  readonly onIdle: () => void;
};

type Job<Host> = {
  readonly run: (host: Host) => Promise<unknown>;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (output: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** Hosts that died under it. */
  lost: number;
  /** Those, and hosts that were dead when they were given it. */
  attempts: number;
};

/** A request may meet the death of one host by chance; at the second, the request itself is the likely reason. */
const MAX_LOST_HOSTS = 2;
/** Also where none of the hosts was found alive: that is no state to wait in for long. */
const MAX_ATTEMPTS = 5;
/** Two requests that each end two hosts are no reason to doubt the engine. */
const LEAST_FAILURES_TO_OPEN = 5;
const CIRCUIT_PAUSE_MS = 5000;
const MAX_CIRCUIT_PAUSE_MS = 60_000;

/**
 * Hands requests to hosts: one at a time for each, and no more at once than there are processors; when all are busy,
 * owners take turns. A request whose host died goes to the next free one once, ahead of the queue. Where hosts die again
 * and again, requests are refused for a while. It neither starts nor stops a host, but has those replaced that have taken
 * much memory.
 */
export class WorkDispatch<Spec, Ops extends Operations> {
  readonly #options: WorkDispatchOptions<EngineHost<Spec, Ops>>;
  readonly #queue = new FairQueue<Job<EngineHost<Spec, Ops>>>();
  readonly #circuit: CircuitBreaker;
  readonly #threads: number;
  #working = 0;
  #lastUsedMs = 0;
  #isStopping = false;
  /** Called when nothing is in work any more. */
  #onRest: () => void = () => {};
  readonly #onRoom = (): void => this.pump();

  constructor(options: WorkDispatchOptions<EngineHost<Spec, Ops>>) {
    this.#options = options;
    this.#threads = options.threads ?? 1;
    this.#circuit = new CircuitBreaker({
      failures: Math.max(LEAST_FAILURES_TO_OPEN, 2 * options.size + 1),
      pauseMs: options.circuitPauseMs ?? CIRCUIT_PAUSE_MS,
      maxPauseMs: options.maxCircuitPauseMs ?? MAX_CIRCUIT_PAUSE_MS,
      onTrial: () => this.pump(),
    });
  }

  /** Requests that wait for a host. */
  get queued(): number {
    return this.#queue.length;
  }

  get isIdle(): boolean {
    return this.#working + this.#queue.length === 0;
  }

  get lastUsedMs(): number {
    return this.#lastUsedMs;
  }

  /** Requests that would be worked on at once; 0 while others wait. */
  get freePlaces(): number {
    if (this.#queue.length > 0 || !this.#mayWork()) return 0;
    const free = this.#options.hosts().filter((host) => host.isFree).length;
    return Math.min(free, this.#options.cores?.roomFor(this.#threads) ?? free);
  }

  /** When it is worth trying again; undefined while requests are taken. Whole seconds, at least 1. */
  get retrySeconds(): number | undefined {
    const seconds = this.#circuit.retrySeconds ?? this.#startRetrySeconds();
    return seconds === undefined ? undefined : Math.max(1, Math.ceil(seconds));
  }

  /** Counts as having been used. */
  touch(): void {
    this.#lastUsedMs = performance.now();
  }

  /**
   * What `run` gives on the host that is found for it. Rejects with what `run` does, with the signal's reason, with
   * `engine_lost` or `engine_crashed` where hosts died under it, or with `engine_unavailable`.
   */
  enqueue<Output>(
    run: (host: EngineHost<Spec, Ops>) => Promise<Output>,
    { signal, ...ticket }: { signal: AbortSignal | undefined } & QueueTicket,
  ): Promise<Output> {
    signal?.throwIfAborted();
    if (this.#isStopping) throw stoppingError();
    if (this.#circuit.isOpen) throw this.#openError();
    return new Promise((resolve, reject) => {
      const leave = () => {
        // While a host works on it, the host's own listener rejects it.
        if (this.#queue.remove(job)) job.reject(signal?.reason);
      };
      const settled = () => signal?.removeEventListener('abort', leave);
      const job: Job<EngineHost<Spec, Ops>> = {
        run,
        signal,
        resolve: (output) => {
          settled();
          resolve(output as Output);
        },
        reject: (reason) => {
          settled();
          reject(reason);
        },
        lost: 0,
        attempts: 0,
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#queue.add(job, ticket);
      this.#options.onWaiting();
      this.pump();
    });
  }

  /** Hands waiting requests to free hosts. To be called whenever either may have changed. */
  pump(): void {
    this.#recycle();
    for (const host of this.#options.hosts()) {
      if (!host.isFree || !this.#mayWork()) continue;
      if (this.#waitsForCore()) break;
      const job = this.#queue.take();
      if (!job) return;
      void this.#work(job, host);
    }
    this.#giveUpIfHopeless();
  }

  /** Resolves when nothing is in work. */
  atRest(): Promise<void> {
    if (this.#working === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onRest = resolve;
    });
  }

  /** Tells all that wait. */
  rejectWaiting(error: unknown): void {
    for (const job of this.#queue.takeAll()) job.reject(error);
  }

  /** Takes nothing any more, and tells all that wait. What is in work is for the hosts to end. */
  stop(): void {
    this.#isStopping = true;
    this.#circuit.dispose();
    this.rejectWaiting(stoppingError());
  }

  /** Replaces hosts that have taken much memory, one at a time, so that the others go on. */
  #recycle(): void {
    const hosts = this.#options.hosts();
    if (this.#isStopping || hosts.some((host) => host.state().state === 'starting')) return;
    void hosts.find((host) => host.wantsRecycling)?.recycle();
  }

  #mayWork(): boolean {
    if (this.#circuit.isOpen || this.#options.isHeld()) return false;
    return !this.#circuit.isHalfOpen || this.#working === 0;
  }

  /** Whether what is next has a host, but no processor. Whoever speaks live does not wait for those who sent files. */
  #waitsForCore(): boolean {
    const { cores } = this.#options;
    if (!cores || this.#queue.isUrgent || cores.roomFor(this.#threads) > 0) return false;
    if (this.#queue.length > 0) cores.wait(this.#onRoom);
    return true;
  }

  async #work(job: Job<EngineHost<Spec, Ops>>, host: EngineHost<Spec, Ops>): Promise<void> {
    this.#working += 1;
    this.#options.cores?.take(this.#threads);
    this.touch();
    try {
      job.resolve(await job.run(host));
      this.#circuit.succeed();
    } catch (error) {
      this.#settleFailed(job, error);
    }
    this.#working -= 1;
    this.#options.cores?.leave(this.#threads, this.#onRoom);
    this.touch();
    if (this.#working === 0) this.#onRest();
    this.pump();
    if (this.isIdle) this.#options.onIdle();
  }

  #settleFailed(job: Job<EngineHost<Spec, Ops>>, error: unknown): void {
    if (!(error instanceof WhosaidError && error.key === 'engine_lost')) {
      // Only an engine that lives answers, even if it is with an error.
      if (job.signal?.aborted !== true) this.#circuit.succeed();
      job.reject(error);
      return;
    }
    // A host that was gone before it began says nothing about the request.
    if (error.params.hadBegun === 'true') job.lost += 1;
    job.attempts += 1;
    const { role, logger } = this.#options;
    const mayRetry = job.lost < MAX_LOST_HOSTS && job.attempts < MAX_ATTEMPTS;
    const retry = mayRetry && !this.#isStopping && job.signal?.aborted !== true;
    logger.warn('A request lost its engine host', { role, lost: job.lost, retry });
    if (retry) this.#queue.addFirst(job);
    else if (job.lost < MAX_LOST_HOSTS) job.reject(error);
    else job.reject(crashedError(error));
    this.#countFailure();
  }

  #countFailure(): void {
    if (this.#isStopping || !this.#circuit.fail()) return;
    const { role, model, logger } = this.#options;
    const error = this.#openError();
    logger.error('Engine hosts end again and again; requests are refused for a while', {
      role,
      model,
      retrySeconds: error.params.seconds,
    });
    this.rejectWaiting(error);
  }

  #openError(): WhosaidError {
    return circuitOpenError(this.retrySeconds ?? 1);
  }

  /** Until a host is started again, where none could be. */
  #startRetrySeconds(): number | undefined {
    if (!this.#startFailure()) return undefined;
    return Math.min(...this.#options.hosts().map(({ retryMs }) => retryMs)) / 1000;
  }

  /** Why no host could be started, when the last attempt failed for every one. */
  #startFailure(): WhosaidError | undefined {
    const failures = this.#options.hosts().map((host) => host.startFailure);
    return failures.some((each) => each === undefined) ? undefined : failures[0];
  }

  /** Waiting would only hide that there is no host. */
  #giveUpIfHopeless(): void {
    const failure = this.#startFailure();
    if (failure) this.rejectWaiting(noHostError(failure, this.retrySeconds ?? 1));
  }
}
