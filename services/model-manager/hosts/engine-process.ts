import { type ChildProcess, fork } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { FromEngine, Operations, ToEngine } from '../protocol.js';
import { MemoryCeiling } from './memory-ceiling.js';
import type { EngineHostOptions, LossReason, RequestCall } from './options.js';
import { PendingRequests } from './pending-requests.js';
import { PULSE_FD, type Pulse, watchPulse } from './pulse.js';

/** Silence of so many questions, asked so often, and the child is taken for dead. */
const PING_INTERVAL_MS = 2000;
const MAX_MISSED_PINGS = 5;
const STALL_MS = 60_000;
/** Loading a large model from a slow disk takes its time; that it lives at all is known from its pulse. */
const START_TIMEOUT_MS = 120_000;

/**
 * For glibc's malloc: buffers of 128 KiB and more go back to the system when they are freed. Left to itself it raises
 * that limit to 32 MiB and keeps them: 20 to 35 MB more for each engine, at the same use of processors.
 */
const LEAN_ALLOCATION = {
  MALLOC_MMAP_THRESHOLD_: String(128 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(128 * 1024),
};

/**
 * For V8, in MiB: young objects are collected after so much instead of 16. Audio lies outside of V8's heap and goes when
 * the small object that holds it does: 10 to 20 MB less for each recogniser, at the same use of processors.
 */
const YOUNG_HEAP_MB = 1;

/** One child process from fork to exit. It is never started a second time. */
export class EngineProcess<Spec, Ops extends Operations> {
  /** Resolves when the child can work; rejects with `engine_unavailable`, the child being gone by then. */
  readonly ready: Promise<void>;
  /** Resolves when the child has ended, however that came about. */
  readonly exited: Promise<void>;
  readonly #options: EngineHostOptions;
  readonly #child: ChildProcess;
  readonly #pending: PendingRequests;
  #hasExited = false;
  #stopping: Promise<void> | undefined;
  readonly #memory: MemoryCeiling;
  /** Absent where Node had no free file handles for its pipe. */
  readonly #pulse: Pulse | undefined;
  /** Why it was killed, where it was because it is of no use. */
  #killReason: LossReason | undefined;
  #diedLoading = false;
  readonly #onIdle: () => void;
  readonly #onNote: (note: string) => void;

  constructor(
    options: EngineHostOptions & {
      spec: Spec;
      onIdle: () => void;
      /** What the engine does without, once it is ready. */
      onNote: (note: string) => void;
    },
  ) {
    this.#options = options;
    this.#onNote = options.onNote;
    this.#onIdle = options.onIdle;
    this.#memory = new MemoryCeiling(options.memoryLimitBytes);
    this.#pending = new PendingRequests({
      stallMs: options.stallMs ?? STALL_MS,
      onStall: () => this.#lose('stalled'),
    });
    this.#child = fork(options.modulePath, [], {
      serialization: 'advanced',
      // Native libraries print what they like: it must not reach the terminal, nor a log with speech in it.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
      execArgv: ['--enable-source-maps', `--max-semi-space-size=${YOUNG_HEAP_MB}`],
      env: { ...options.environment, ...LEAN_ALLOCATION },
    });
    this.#pulse = this.#watchPulse();
    this.exited = this.#watch();
    this.ready = this.#becomeReady(options.spec);
    this.ready.catch(() => {});
  }

  /** Undefined once it has ended. */
  get pid(): number | undefined {
    return this.#hasExited ? undefined : this.#child.pid;
  }

  /** Resident memory when it was last heard of; undefined once it has ended. */
  get rssBytes(): number | undefined {
    return this.#hasExited ? undefined : this.#memory.rssBytes;
  }

  /** True while requests reach the child, as far as is known. */
  get isAlive(): boolean {
    const isWanted = !this.#stopping && this.#killReason === undefined;
    return isWanted && !this.#hasExited && this.#child.connected;
  }

  /** It never became ready because it ended, not because it said that it cannot or took too long. */
  get diedLoading(): boolean {
    return this.#diedLoading;
  }

  /** Whether it was asked to leave. */
  get wasStopped(): boolean {
    return this.#stopping !== undefined;
  }

  /** Why it is no more, once it has ended without being asked to. */
  get lossReason(): LossReason {
    return this.#killReason ?? 'ended';
  }

  /** It has taken so much memory that another child should take its place. */
  get isBloated(): boolean {
    return this.#memory.isReached;
  }

  /** False also while the child still works on something that was cancelled. */
  get isIdle(): boolean {
    return this.#pending.isEmpty;
  }

  /**
   * Rejects with what the engine reported, with `engine_lost` when the child ends or is ended because it makes no
   * progress, or with `signal.reason`.
   */
  request<Name extends keyof Ops & string>(
    operation: Name,
    input: Ops[Name]['input'],
    { signal, allowanceSeconds = 0 }: RequestCall = {},
  ): Promise<Ops[Name]['output']> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!this.isAlive) return Promise.reject(this.#lost(false));
    const onCancel = (id: number) => this.#send({ type: 'cancel', id });
    const { id, answer } = this.#pending.add({ signal, allowanceSeconds, onCancel });
    this.#send({ type: 'request', id, operation, input });
    return answer as Promise<Ops[Name]['output']>;
  }

  /** Asks the child to leave, then SIGKILL; resolves when it has gone. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopInSteps();
    return this.#stopping;
  }

  async #stopInSteps(): Promise<void> {
    const { stopStepMs = 2000 } = this.#options;
    this.#send({ type: 'stop' });
    // No SIGTERM in between: children ignore it, since service managers send it to all processes of a group.
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), stopStepMs);
    await this.exited;
    clearTimeout(kill);
  }

  #watch(): Promise<void> {
    const child = this.#child;
    child.on('message', (message: FromEngine) => this.#receive(message));
    child.stdout?.on('data', (chunk: Buffer) => this.#noteOutput('stdout', chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.#noteOutput('stderr', chunk));
    // A child that cannot be reached any more is of no use, even if it lives.
    child.once('disconnect', () => {
      if (!this.#stopping) child.kill('SIGKILL');
    });
    return new Promise((resolve) => {
      const end = (fields: Record<string, unknown>) => {
        if (this.#hasExited) return;
        this.#hasExited = true;
        this.#pulse?.stop();
        const { role, logger } = this.#options;
        const note = { role, pid: child.pid, reason: this.lossReason, ...fields };
        if (this.#stopping) logger.debug('Engine host stopped', note);
        else logger.warn('Engine host ended unexpectedly', note);
        this.#pending.lose((hadBegun) => this.#lost(hadBegun));
        resolve();
      };
      child.once('exit', (exitCode, signal) => end({ exitCode, signal }));
      // Without a pid the process was never made, and no exit follows.
      child.on('error', ({ message }) => child.pid === undefined && end({ error: message }));
    });
  }

  async #becomeReady(spec: Spec): Promise<void> {
    const { startTimeoutMs = START_TIMEOUT_MS } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const reason = await Promise.race([
      new Promise<string | undefined>((resolve) => {
        this.#child.on('message', (message: FromEngine) => {
          if (message.type === 'ready') resolve(undefined);
          if (message.type === 'start-failed')
            resolve(reasonOf(WhosaidError.fromPlain(message.error)));
        });
        this.#send({ type: 'start', spec });
      }),
      this.exited.then(() => 'the process ended while it loaded'),
      new Promise<string>((resolve) => {
        timer = setTimeout(
          () => resolve(`it was not ready after ${startTimeoutMs} ms`),
          startTimeoutMs,
        );
      }),
    ]);
    clearTimeout(timer);
    if (reason === undefined) return;
    this.#diedLoading = this.#hasExited;
    await this.stop();
    throw new WhosaidError('engine_unavailable', { reason });
  }

  #watchPulse(): Pulse | undefined {
    const { pingIntervalMs = PING_INTERVAL_MS, maxMissedPings = MAX_MISSED_PINGS } = this.#options;
    // Without free file handles Node gives a child that has no pipes at all; it ends soon.
    const pipe = this.#child.stdio?.[PULSE_FD] as Duplex | null | undefined;
    if (!pipe) return undefined;
    return watchPulse({
      pipe,
      intervalMs: pingIntervalMs,
      maxMissed: maxMissedPings,
      onMemory: (rssBytes) => this.#noteMemory(rssBytes),
      onSilent: () => this.#lose('silent'),
    });
  }

  #noteMemory(rssBytes: number): void {
    this.#memory.note(rssBytes);
    if (this.#memory.isFarExceeded) this.#lose('memory');
    // Nobody may ask for anything for a long time.
    else if (this.isBloated && this.isIdle) this.#onIdle();
  }

  /** Ends a child that is of no use any more. */
  #lose(reason: LossReason): void {
    if (!this.isAlive) return;
    this.#killReason = reason;
    this.#child.kill('SIGKILL');
  }

  #lost(hadBegun: boolean): WhosaidError {
    return new WhosaidError('engine_lost', { reason: this.lossReason, hadBegun: String(hadBegun) });
  }

  #receive(message: FromEngine): void {
    if (message.type === 'ready') {
      // It may be stopped before it was first asked.
      this.#pulse?.expect();
      this.#memory.loaded(message.rssBytes);
      for (const note of message.notes ?? []) this.#onNote(note);
    }
    if ('rssBytes' in message) this.#memory.note(message.rssBytes);
    if (message.type === 'begun') this.#pending.begun(message.id);
    if (message.type === 'progress') this.#pending.progress(message.id);
    if (message.type !== 'result' && message.type !== 'failed') return;
    if (message.type === 'result') this.#pending.resolve(message.id, message.output);
    else this.#pending.reject(message.id, WhosaidError.fromPlain(message.error));
    if (this.isIdle) this.#onIdle();
  }

  #send(message: ToEngine<Spec>): void {
    if (this.#hasExited || !this.#child.connected) return;
    this.#child.send(message, (error) => {
      // The channel is broken. Its end settles whoever waits.
      if (error && !this.#stopping) this.#child.kill('SIGKILL');
    });
  }

  #noteOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    const { role, logger } = this.#options;
    logger.debug('Engine host printed', {
      role,
      pid: this.#child.pid,
      stream,
      bytes: chunk.length,
    });
  }
}

/** The child may have said already that there is no engine; saying it twice helps nobody. */
function reasonOf({ key, params, message }: WhosaidError): string {
  return key === 'engine_unavailable' ? String(params.reason) : message;
}
