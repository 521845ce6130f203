import { WhosaidError } from '#utils/errors/whosaid-error.js';
import {
  EngineHost,
  type EngineHostOptions,
  type HostState,
  type RequestCall,
} from '../engine-host.js';
import type { Operations } from '../protocol.js';
import { untilAborted } from './until-aborted.js';

export type HostPoolOptions<Spec> = EngineHostOptions & {
  /** Number of child processes. */
  readonly hosts: number;
  /** Asked once at the start; what it throws is what `start` rejects with. */
  readonly spec: () => Promise<Spec>;
};

export type PoolCall = RequestCall & {
  /** Goes before requests that are not, in the order in which the urgent ones came. Default false. */
  readonly isUrgent?: boolean;
};

type Job<Host> = {
  readonly run: (host: Host) => Promise<unknown>;
  readonly signal: AbortSignal | undefined;
  readonly isUrgent: boolean;
  readonly resolve: (output: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** Hosts that died under it. */
  lost: number;
};

/** A request may meet the death of one host by chance; at the second, the request itself is the likely reason. */
const MAX_LOST_HOSTS = 2;

/**
 * Spreads requests over engine hosts: one at a time for each, first come first served when all are busy. A request
 * whose host died goes to the next free host once, ahead of the queue.
 */
export class HostPool<Spec, Ops extends Operations> {
  readonly #options: HostPoolOptions<Spec>;
  #hosts: EngineHost<Spec, Ops>[] = [];
  #queue: Job<EngineHost<Spec, Ops>>[] = [];
  /** What the log has been told already: every host of a pool has the same to say, at each start. */
  readonly #notes = new Set<string>();
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: HostPoolOptions<Spec>) {
    this.#options = options;
  }

  /** Starts all hosts side by side. When one does not start, all are stopped and the next call tries again. */
  start(): Promise<void> {
    if (this.#stopping) return Promise.reject(stoppingError());
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
    { signal, isUrgent = false }: PoolCall = {},
  ): Promise<Ops[Name]['output']> {
    signal?.throwIfAborted();
    await untilAborted(this.start(), signal);
    const run = (host: EngineHost<Spec, Ops>) => host.request(operation, input, { signal });
    return this.#enqueue(run, { signal, isUrgent });
  }

  states(): HostState[] {
    return this.#hosts.map((host) => host.state());
  }

  /** Ends every host; whoever waits is told. Idempotent, never rejects. */
  dispose(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #startAll(): Promise<void> {
    const spec = await this.#options.spec();
    if (this.#stopping) throw stoppingError();
    const { hosts, ...options } = this.#options;
    this.#hosts = Array.from(
      { length: hosts },
      () =>
        new EngineHost<Spec, Ops>({
          ...options,
          onChange: () => this.#pump(),
          onNote: (note) => this.#tell(note),
        }),
    );
    const started = await Promise.allSettled(this.#hosts.map((host) => host.start(spec)));
    const failed = started.find((each) => each.status === 'rejected');
    if (!failed) return;
    await Promise.all(this.#hosts.map((host) => host.dispose()));
    this.#hosts = [];
    throw failed.reason;
  }

  async #stop(): Promise<void> {
    for (const job of this.#queue.splice(0)) job.reject(stoppingError());
    await Promise.all(this.#hosts.map((host) => host.dispose()));
    // A start that was under way has failed by now, or stops what it made.
    await this.#starting?.catch(() => {});
    await Promise.all(this.#hosts.map((host) => host.dispose()));
  }

  #tell(note: string): void {
    const { role, logger } = this.#options;
    if (!this.#notes.has(note)) logger.warn('Engine hosts do without something', { role, note });
    this.#notes.add(note);
  }

  #enqueue<Output>(
    run: (host: EngineHost<Spec, Ops>) => Promise<Output>,
    { signal, isUrgent }: { signal: AbortSignal | undefined; isUrgent: boolean },
  ): Promise<Output> {
    signal?.throwIfAborted();
    if (this.#stopping) throw stoppingError();
    return new Promise((resolve, reject) => {
      const leave = () => {
        // While a host works on it, the host's own listener rejects it.
        const isQueued = this.#queue.includes(job);
        this.#queue = this.#queue.filter((each) => each !== job);
        if (isQueued) job.reject(signal?.reason);
      };
      const settled = () => signal?.removeEventListener('abort', leave);
      const job: Job<EngineHost<Spec, Ops>> = {
        run,
        signal,
        isUrgent,
        resolve: (output) => {
          settled();
          resolve(output as Output);
        },
        reject: (reason) => {
          settled();
          reject(reason);
        },
        lost: 0,
      };
      signal?.addEventListener('abort', leave, { once: true });
      const firstOther = isUrgent ? this.#queue.findIndex((each) => !each.isUrgent) : -1;
      this.#queue.splice(firstOther < 0 ? this.#queue.length : firstOther, 0, job);
      this.#pump();
    });
  }

  /** Hands waiting jobs to free hosts. Called whenever either may have changed. */
  #pump(): void {
    for (const host of this.#hosts) {
      if (!host.isFree) continue;
      const job = this.#queue.shift();
      if (!job) return;
      void this.#work(job, host);
    }
    this.#giveUpIfHopeless();
  }

  async #work(job: Job<EngineHost<Spec, Ops>>, host: EngineHost<Spec, Ops>): Promise<void> {
    try {
      job.resolve(await job.run(host));
    } catch (error) {
      if (this.#shouldRetry(job, error)) this.#queue.unshift(job);
      else job.reject(error);
    }
    this.#pump();
  }

  #shouldRetry(job: Job<EngineHost<Spec, Ops>>, error: unknown): boolean {
    if (!(error instanceof WhosaidError && error.key === 'engine_lost')) return false;
    job.lost += 1;
    const { role, logger } = this.#options;
    const retry = job.lost < MAX_LOST_HOSTS && !this.#stopping && job.signal?.aborted !== true;
    logger.warn('A request lost its engine host', { role, lost: job.lost, retry });
    return retry;
  }

  /** When the last attempt to start failed for every host, waiting would only hide it. */
  #giveUpIfHopeless(): void {
    const failures = this.#hosts.map((host) => host.startFailure);
    const [failure] = failures;
    if (!failure || failures.some((each) => each === undefined)) return;
    for (const job of this.#queue.splice(0)) job.reject(failure);
  }
}

function stoppingError(): WhosaidError {
  return new WhosaidError('engine_unavailable', { reason: 'the server is stopping' });
}
