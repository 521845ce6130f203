import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { EngineProcess } from './hosts/engine-process.js';
import type { EngineEvent, EngineHostOptions, HostState, RequestCall } from './hosts/options.js';
import type { Operations } from './protocol.js';

export type {
  EngineEvent,
  EngineHostOptions,
  HostState,
  PoolState,
  RequestCall,
} from './hosts/options.js';

/** An event without what is the same for all events of a host. */
type EventOfHost = EngineEvent extends infer Each
  ? Each extends EngineEvent
    ? Omit<Each, 'role' | 'model'>
    : never
  : never;

/**
 * Keeps one engine alive in a child process: a child that ends is replaced after a pause that grows with every failure
 * in a row. A child that failed to start is never used. Does not queue and does not retry; its pool does.
 */
export class EngineHost<Spec, Ops extends Operations> {
  readonly #options: EngineHostOptions;
  /** Called whenever the host may have become free or may have failed to start. */
  readonly #onChange: () => void;
  /** Called with each sentence about what a new child does without. */
  readonly #onNote: (note: string) => void;
  #spec: Spec | undefined;
  #process: EngineProcess<Spec, Ops> | undefined;
  #state: Exclude<HostState['state'], 'busy'> = 'stopped';
  #startFailure: WhosaidError | undefined;
  #failuresInARow = 0;
  #starts = 0;
  #restartTimer: NodeJS.Timeout | undefined;
  #retryAtMs = 0;
  #stopping: Promise<void> | undefined;

  constructor(
    options: EngineHostOptions & { onChange?: () => void; onNote?: (note: string) => void },
  ) {
    this.#options = options;
    this.#onChange = options.onChange ?? (() => {});
    this.#onNote = options.onNote ?? (() => {});
  }

  /**
   * Starts the first child; once more if that one ends while it loads, which may have been chance. Rejects with
   * `engine_unavailable` when it does not become ready; nothing runs then.
   */
  async start(spec: Spec): Promise<void> {
    this.#spec = spec;
    let failure = await this.#launch(spec);
    if (failure && this.#process?.diedLoading && !this.#stopping) {
      this.#cancelRestart();
      failure = await this.#launch(spec);
    }
    if (!failure) return;
    this.#cancelRestart();
    this.#state = 'stopped';
    throw failure;
  }

  /** True when a request would be worked on at once. */
  get isFree(): boolean {
    const child = this.#process;
    return this.#state === 'ready' && child?.isAlive === true && child.isIdle;
  }

  /** It is free, and should be replaced before its next request: see `recycle`. */
  get wantsRecycling(): boolean {
    return this.isFree && this.#process?.isBloated === true;
  }

  /** Until the next attempt to start, while it waits for it. */
  get retryMs(): number {
    return this.#state === 'waiting' ? Math.max(0, this.#retryAtMs - performance.now()) : 0;
  }

  /** Why there is no engine, when the last attempt to start one failed. */
  get startFailure(): WhosaidError | undefined {
    return this.#state === 'waiting' || this.#state === 'stopped' ? this.#startFailure : undefined;
  }

  /** Rejects with `engine_lost` when the child ends or is not running; see `EngineProcess.request`. */
  async request<Name extends keyof Ops & string>(
    operation: Name,
    input: Ops[Name]['input'],
    call: RequestCall = {},
  ): Promise<Ops[Name]['output']> {
    if (this.#state !== 'ready' || !this.#process) throw new WhosaidError('engine_lost');
    const output = await this.#process.request(operation, input, call);
    // Whatever ended earlier children, this one works.
    this.#failuresInARow = 0;
    return output;
  }

  /** Replaces the child, which is free. Never rejects. */
  async recycle(): Promise<void> {
    const old = this.#process;
    if (!old || !this.wantsRecycling || this.#stopping) return;
    this.#state = 'starting';
    const { role, logger } = this.#options;
    logger.info('Engine host is replaced, since it has taken much memory', {
      role,
      rssBytes: old.rssBytes,
    });
    this.#tell({ type: 'recycled' });
    await old.stop();
    if (!this.#stopping) await this.#launch(this.#spec as Spec);
  }

  state(): HostState {
    const isWorking = this.#state === 'ready' && !this.isFree;
    return {
      role: this.#options.role,
      pid: this.#process?.pid,
      state: isWorking ? 'busy' : this.#state,
      rssBytes: this.#process?.rssBytes,
      restarts: Math.max(0, this.#starts - 1),
    };
  }

  /** Ends the child in steps; what it worked on rejects with `engine_lost`. Idempotent, never rejects. */
  dispose(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#cancelRestart();
    this.#state = 'stopped';
    await this.#process?.stop();
  }

  /** Resolves with the failure, if it is one, and sees to the next attempt. */
  async #launch(spec: Spec): Promise<WhosaidError | undefined> {
    this.#state = 'starting';
    this.#starts += 1;
    const startMs = performance.now();
    let child: EngineProcess<Spec, Ops>;
    try {
      child = this.#fork(spec);
      await child.ready;
    } catch (thrown) {
      // Of what is thrown at once, when there is no memory for a process for example, only the message says anything.
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#startFailure = WhosaidError.from(thrown, 'engine_unavailable', { reason });
      this.#noteStartFailure(this.#startFailure);
      this.#tell({ type: 'start-failed' });
      this.#restartLater();
      return this.#startFailure;
    }
    this.#startFailure = undefined;
    this.#tell({ type: 'loaded', loadMs: performance.now() - startMs });
    void child.exited.then(() => this.#replace(child));
    if (!this.#stopping) this.#state = 'ready';
    this.#onChange();
    return undefined;
  }

  #fork(spec: Spec): EngineProcess<Spec, Ops> {
    this.#process = undefined;
    this.#process = new EngineProcess<Spec, Ops>({
      ...this.#options,
      spec,
      onIdle: () => this.#onChange(),
      onNote: this.#onNote,
    });
    return this.#process;
  }

  /** Sees to the next child, unless this one was asked to leave. */
  #replace(child: EngineProcess<Spec, Ops>): void {
    if (child.wasStopped) return;
    this.#tell({ type: 'lost', reason: child.lossReason });
    this.#restartLater();
  }

  #tell(event: EventOfHost): void {
    const { role, model = role, onEvent } = this.#options;
    if (!this.#stopping) onEvent?.({ role, model, ...event });
  }

  #noteStartFailure({ message }: WhosaidError): void {
    if (this.#stopping) return;
    this.#options.logger.error('Engine host did not start', {
      role: this.#options.role,
      reason: message,
    });
  }

  #restartLater(): void {
    if (this.#stopping) return;
    const { restartPauseMs = 250, maxRestartPauseMs = 10_000 } = this.#options;
    this.#state = 'waiting';
    const pauseMs = Math.min(maxRestartPauseMs, restartPauseMs * 2 ** this.#failuresInARow);
    this.#failuresInARow += 1;
    this.#retryAtMs = performance.now() + pauseMs;
    this.#restartTimer = setTimeout(() => void this.#launch(this.#spec as Spec), pauseMs);
    this.#onChange();
  }

  #cancelRestart(): void {
    clearTimeout(this.#restartTimer);
  }
}
