import { WhosaidError } from '#utils/errors/whosaid-error.js';
import {
  EngineHost,
  type EngineHostOptions,
  type HostState,
  type RequestCall,
} from '../engine-host.js';
import type { Resident } from '../memory/resident.js';
import type { Operations } from '../protocol.js';
import type { PoolState } from './options.js';
import { stoppingError } from './pool-errors.js';
import { isTooLarge, type PoolMemory, PoolRoom } from './pool-room.js';
import { StartPause } from './start-pause.js';
import { untilAborted } from './until-aborted.js';
import { WorkDispatch, type WorkDispatchOptions } from './work-dispatch.js';

export type HostPoolOptions<Spec> = EngineHostOptions &
  Pick<WorkDispatchOptions<never>, 'circuitPauseMs' | 'maxCircuitPauseMs' | 'cores' | 'threads'> & {
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

const START_PAUSE_MS = 250;
const MAX_START_PAUSE_MS = 10_000;

/**
 * Starts and stops the engine hosts of a model, and has its requests worked on by them. Where models share memory, it starts
 * when there is room, with fewer hosts if need be, and may be unloaded again: the next request starts it anew.
 */
export class HostPool<Spec, Ops extends Operations> implements Resident {
  readonly #options: HostPoolOptions<Spec>;
  #hosts: EngineHost<Spec, Ops>[] = [];
  readonly #work: WorkDispatch<Spec, Ops>;
  readonly #startPause: StartPause;
  readonly #room: PoolRoom<Spec>;
  /** Ends a wait for room. */
  readonly #leaving = new AbortController();
  /** Requests that wait for the pool to start. */
  #arriving = 0;
  #isLetGo = false;
  /** What the log has been told already: every host of a pool has the same to say, at each start. */
  readonly #notes = new Set<string>();
  #starting: Promise<void> | undefined;
  #unloading: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: HostPoolOptions<Spec>) {
    this.#options = options;
    this.#work = new WorkDispatch<Spec, Ops>({
      ...options,
      size: options.hosts,
      hosts: () => this.#hosts,
      isHeld: () => this.#unloading !== undefined,
      onWaiting: () => this.#startForWaiting(),
      onIdle: () => {
        if (this.isIdle) this.#room.rest();
      },
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
    return this.#arriving === 0 && this.#work.isIdle;
  }

  /** Requests that would be worked on at once; 0 while others wait, and while nothing is loaded. */
  get freePlaces(): number {
    return this.#work.freePlaces;
  }

  /** It was loaded once, and gave way to others. */
  get isLetGo(): boolean {
    return this.#isLetGo;
  }

  get lastUsedMs(): number {
    return this.#work.lastUsedMs;
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
    return this.#work.enqueue(run, { signal, isUrgent, owner, cost });
  }

  state(): PoolState {
    const { role, model = role } = this.#options;
    const { queued, retrySeconds } = this.#work;
    return {
      role,
      model,
      hosts: this.states(),
      queued,
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
    this.#work.touch();
    this.#isLetGo = false;
  }

  async #startHosts(spec: Spec, length: number): Promise<void> {
    if (this.#stopping) throw stoppingError();
    this.#hosts = Array.from(
      { length },
      () =>
        new EngineHost<Spec, Ops>({
          ...this.#options,
          onChange: () => this.#work.pump(),
          onNote: (note) => this.#tell(note),
        }),
    );
    const started = await Promise.allSettled(this.#hosts.map((host) => host.start(spec)));
    const failed = started.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #unload(): Promise<void> {
    await this.#starting?.catch(() => {});
    await this.#work.atRest();
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
    if (isUnder || this.#work.queued === 0) return;
    this.start().catch((error: unknown) => this.#work.rejectWaiting(error));
  }

  async #stop(): Promise<void> {
    this.#work.stop();
    this.#leaving.abort(stoppingError());
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
}
