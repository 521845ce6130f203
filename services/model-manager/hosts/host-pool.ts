import { WhosaidError } from '#utils/errors/whosaid-error.js';
import {
  EngineHost,
  type EngineHostOptions,
  type HostState,
  type RequestCall,
} from '../engine-host.js';
import type { Resident } from '../memory/resident.js';
import type { Operations } from '../protocol.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { FairQueue, type QueueTicket } from './fair-queue.js';
import type { PoolState } from './options.js';
import { circuitOpenError, crashedError, noHostError, stoppingError } from './pool-errors.js';
import { isTooLarge, type PoolMemory, PoolRoom } from './pool-room.js';
import { StartPause } from './start-pause.js';
import { untilAborted } from './until-aborted.js';

export type HostPoolOptions<Spec> = EngineHostOptions & {
  /** How long requests are refused after failure upon failure, at first and at most. Default 5000 and 60,000. */
  readonly circuitPauseMs?: number;
  readonly maxCircuitPauseMs?: number;
  /** Number of child processes. */
  readonly hosts: number;
  /** Asked once at the start; what it throws is what `start` rejects with. */
  readonly spec: () => Promise<Spec>;
  /** Default: there is room for every model. */
  readonly memory?: PoolMemory<Spec>;
};

export type PoolCall = RequestCall & {
  /** Goes before requests that are not, in the order in which the urgent ones came. Default false. */
  readonly isUrgent?: boolean;
  /** Whose request it is: owners take turns. Default: an owner of its own. */
  readonly owner?: object;
  /** About how much work it is, in the same unit for all requests of a pool. Default 1. */
  readonly cost?: number;
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
const START_PAUSE_MS = 250;
const MAX_START_PAUSE_MS = 10_000;

/**
 * Spreads requests over engine hosts: one at a time for each; when all are busy, owners take turns. A request whose host
 * died goes to the next free host once, ahead of the queue. Where hosts die again and again, requests are refused for a
 * while (`engine_unavailable` with the `seconds` until it is worth trying again). Where models share memory, it starts when
 * there is room, with fewer hosts if need be, and may be unloaded again: the next request starts it anew.
 */
export class HostPool<Spec, Ops extends Operations> implements Resident {
  readonly #options: HostPoolOptions<Spec>;
  #hosts: EngineHost<Spec, Ops>[] = [];
  readonly #queue = new FairQueue<Job<EngineHost<Spec, Ops>>>();
  readonly #circuit: CircuitBreaker;
  readonly #startPause: StartPause;
  readonly #room: PoolRoom<Spec>;
  /** Ends a wait for room. */
  readonly #leaving = new AbortController();
  #working = 0;
  /** Requests that wait for the pool to start. */
  #arriving = 0;
  #lastUsedMs = 0;
  #isLetGo = false;
  /** What the log has been told already: every host of a pool has the same to say, at each start. */
  readonly #notes = new Set<string>();
  #starting: Promise<void> | undefined;
  #unloading: Promise<void> | undefined;
  /** Called when nothing is in work any more. */
  #onRest: () => void = () => {};
  #stopping: Promise<void> | undefined;

  constructor(options: HostPoolOptions<Spec>) {
    this.#options = options;
    const { hosts, circuitPauseMs, maxCircuitPauseMs } = options;
    this.#circuit = new CircuitBreaker({
      failures: Math.max(LEAST_FAILURES_TO_OPEN, 2 * hosts + 1),
      pauseMs: circuitPauseMs ?? CIRCUIT_PAUSE_MS,
      maxPauseMs: maxCircuitPauseMs ?? MAX_CIRCUIT_PAUSE_MS,
      onTrial: () => this.#pump(),
    });
    this.#startPause = new StartPause({
      pauseMs: options.restartPauseMs ?? START_PAUSE_MS,
      maxPauseMs: options.maxRestartPauseMs ?? MAX_START_PAUSE_MS,
    });
    this.#room = new PoolRoom(options.memory, this);
  }

  get model(): string {
    return this.#options.model ?? this.#options.role;
  }

  get isDefault(): boolean {
    return this.#options.memory?.isDefault ?? false;
  }

  get isIdle(): boolean {
    return this.#working + this.#arriving + this.#queue.length === 0;
  }

  /** Requests that would be worked on at once; 0 while others wait, and while nothing is loaded. */
  get freePlaces(): number {
    if (this.#queue.length > 0 || !this.#mayWork()) return 0;
    return this.#hosts.filter((host) => host.isFree).length;
  }

  /** It was loaded once, and gave way to others. */
  get isLetGo(): boolean {
    return this.#isLetGo;
  }

  get lastUsedMs(): number {
    return this.#lastUsedMs;
  }

  get rssBytes(): number {
    return this.states().reduce((sum, { rssBytes = 0 }) => sum + rssBytes, 0);
  }

  /**
   * Starts all hosts side by side. When one does not start, all are stopped, and the next call tries again after a pause
   * that grows; until then it rejects with the same error.
   */
  start(): Promise<void> {
    if (this.#stopping) return Promise.reject(stoppingError());
    if (this.#unloading) return this.#unloading.then(() => this.start());
    const paused = this.#starting ? undefined : this.#startPause.error;
    if (paused) return Promise.reject(paused);
    this.#starting ??= this.#startAll().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  /** Starts the pool if need be. Rejects as `EngineHost.request` does, or with `engine_unavailable`. */
  async request<Name extends keyof Ops & string>(
    operation: Name,
    input: Ops[Name]['input'],
    { signal, allowanceSeconds, isUrgent = false, owner, cost = 1 }: PoolCall = {},
  ): Promise<Ops[Name]['output']> {
    const call = { signal, ...(allowanceSeconds !== undefined && { allowanceSeconds }) };
    signal?.throwIfAborted();
    this.#arriving += 1;
    await untilAborted(this.start(), signal).finally(() => {
      this.#arriving -= 1;
    });
    const run = (host: EngineHost<Spec, Ops>) => host.request(operation, input, call);
    return this.#enqueue(run, { signal, isUrgent, owner, cost });
  }

  state(): PoolState {
    const { role, model = role } = this.#options;
    const retrySeconds = this.#retrySeconds();
    return {
      role,
      model,
      hosts: this.states(),
      queued: this.#queue.length,
      ...(retrySeconds !== undefined && { retrySeconds }),
    };
  }

  states(): HostState[] {
    return this.#hosts.map((host) => host.state());
  }

  /**
   * Ends every host to make room for others, as soon as what is in work is done. What waits, or comes meanwhile, starts
   * the pool anew. Never rejects.
   */
  unload(): Promise<void> {
    this.#unloading ??= this.#unload().finally(() => {
      this.#unloading = undefined;
      this.#startForWaiting();
    });
    return this.#unloading;
  }

  /** Ends every host; whoever waits is told. Idempotent, never rejects. */
  dispose(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #startAll(): Promise<void> {
    const spec = await this.#options.spec();
    if (this.#stopping) throw stoppingError();
    const hosts = await this.#room.take(spec, this.#options.hosts, this.#leaving.signal);
    try {
      await this.#startHosts(spec, hosts);
      this.#room.settle(this.states());
    } catch (error) {
      const states = this.states();
      await Promise.all(this.#hosts.map((host) => host.dispose()));
      this.#hosts = [];
      this.#room.leave(states);
      this.#isLetGo = false;
      if (!this.#stopping && !isTooLarge(error)) this.#startPause.fail(WhosaidError.from(error));
      throw error;
    }
    this.#lastUsedMs = performance.now();
    this.#isLetGo = false;
  }

  async #startHosts(spec: Spec, length: number): Promise<void> {
    if (this.#stopping) throw stoppingError();
    this.#hosts = Array.from(
      { length },
      () =>
        new EngineHost<Spec, Ops>({
          ...this.#options,
          onChange: () => this.#pump(),
          onNote: (note) => this.#tell(note),
        }),
    );
    const started = await Promise.allSettled(this.#hosts.map((host) => host.start(spec)));
    const failed = started.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #unload(): Promise<void> {
    await this.#starting?.catch(() => {});
    if (this.#working > 0)
      await new Promise<void>((resolve) => {
        this.#onRest = resolve;
      });
    const hosts = this.#hosts;
    const states = this.states();
    this.#hosts = [];
    this.#isLetGo = hosts.length > 0;
    this.#starting = undefined;
    await Promise.all(hosts.map((host) => host.dispose()));
    this.#room.leave(states);
    const { role, onEvent } = this.#options;
    if (hosts.length > 0) onEvent?.({ role, model: this.model, type: 'unloaded' });
  }

  /** For requests that came when the pool had started, and found it unloaded. */
  #startForWaiting(): void {
    const isUnder = this.#starting || this.#unloading || this.#stopping;
    if (isUnder || this.#queue.length === 0) return;
    this.start().catch((error: unknown) => {
      for (const job of this.#queue.takeAll()) job.reject(error);
    });
  }

  async #stop(): Promise<void> {
    this.#circuit.dispose();
    this.#leaving.abort(stoppingError());
    for (const job of this.#queue.takeAll()) job.reject(stoppingError());
    await Promise.all(this.#hosts.map((host) => host.dispose()));
    // A start that was under way has failed by now, or stops what it made.
    await this.#starting?.catch(() => {});
    await this.#unloading;
    await Promise.all(this.#hosts.map((host) => host.dispose()));
    this.#room.leave([]);
  }

  #tell(note: string): void {
    const { role, logger } = this.#options;
    if (!this.#notes.has(note)) logger.warn('Engine hosts do without something', { role, note });
    this.#notes.add(note);
  }

  #enqueue<Output>(
    run: (host: EngineHost<Spec, Ops>) => Promise<Output>,
    { signal, ...ticket }: { signal: AbortSignal | undefined } & QueueTicket,
  ): Promise<Output> {
    signal?.throwIfAborted();
    if (this.#stopping) throw stoppingError();
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
      this.#startForWaiting();
      this.#pump();
    });
  }

  /** Hands waiting jobs to free hosts. Called whenever either may have changed. */
  #pump(): void {
    this.#recycle();
    for (const host of this.#hosts) {
      if (!host.isFree || !this.#mayWork()) continue;
      const job = this.#queue.take();
      if (!job) return;
      void this.#work(job, host);
    }
    this.#giveUpIfHopeless();
  }

  /** Replaces hosts that have taken much memory, one at a time, so that the others go on. */
  #recycle(): void {
    if (this.#stopping || this.#hosts.some((host) => host.state().state === 'starting')) return;
    void this.#hosts.find((host) => host.wantsRecycling)?.recycle();
  }

  #mayWork(): boolean {
    if (this.#circuit.isOpen || this.#unloading) return false;
    return !this.#circuit.isHalfOpen || this.#working === 0;
  }

  async #work(job: Job<EngineHost<Spec, Ops>>, host: EngineHost<Spec, Ops>): Promise<void> {
    this.#working += 1;
    this.#lastUsedMs = performance.now();
    try {
      job.resolve(await job.run(host));
      this.#circuit.succeed();
    } catch (error) {
      this.#settleFailed(job, error);
    }
    this.#working -= 1;
    this.#lastUsedMs = performance.now();
    if (this.#working === 0) this.#onRest();
    this.#pump();
    if (this.isIdle) this.#room.rest();
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
    const retry = mayRetry && !this.#stopping && job.signal?.aborted !== true;
    logger.warn('A request lost its engine host', { role, lost: job.lost, retry });
    if (retry) this.#queue.addFirst(job);
    else if (job.lost < MAX_LOST_HOSTS) job.reject(error);
    else job.reject(crashedError(error));
    this.#countFailure();
  }

  #countFailure(): void {
    if (this.#stopping || !this.#circuit.fail()) return;
    const { role, model, logger } = this.#options;
    const error = this.#openError();
    logger.error('Engine hosts end again and again; requests are refused for a while', {
      role,
      model,
      retrySeconds: error.params.seconds,
    });
    for (const job of this.#queue.takeAll()) job.reject(error);
  }

  #openError(): WhosaidError {
    return circuitOpenError(this.#retrySeconds() ?? 1);
  }

  /** When it is worth trying again; undefined while requests are taken. Whole seconds, at least 1. */
  #retrySeconds(): number | undefined {
    const seconds = this.#circuit.retrySeconds ?? this.#startRetrySeconds();
    return seconds === undefined ? undefined : Math.max(1, Math.ceil(seconds));
  }

  /** Until a host is started again, where none could be. */
  #startRetrySeconds(): number | undefined {
    if (!this.#startFailure()) return undefined;
    return Math.min(...this.#hosts.map(({ retryMs }) => retryMs)) / 1000;
  }

  /** Why no host could be started, when the last attempt failed for every one. */
  #startFailure(): WhosaidError | undefined {
    const failures = this.#hosts.map((host) => host.startFailure);
    return failures.some((each) => each === undefined) ? undefined : failures[0];
  }

  /** Waiting would only hide that there is no host. */
  #giveUpIfHopeless(): void {
    const failure = this.#startFailure();
    if (!failure) return;
    const error = noHostError(failure, this.#retrySeconds() ?? 1);
    for (const job of this.#queue.takeAll()) job.reject(error);
  }
}
