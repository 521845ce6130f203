import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';
import { formatBytes } from '#utils/text/format-bytes.js';
import { type MemoryNeed, type Resident, restMs, toLetGo } from './resident.js';

export type ModelMemoryOptions = {
  /** What all models may take together. */
  readonly limitBytes: number;
  /** What one model may take that is alone. Default: `limitBytes`. */
  readonly aloneBytes?: number;
  readonly logger: Logger;
  /** A model that was at work so short a time ago is not idle: its recording is being decoded. Default 1000. */
  readonly holdMs?: number;
  /** So long a model that is wanted all the time is kept when another one waits for room. Default 10,000. */
  readonly turnMs?: number;
};

/** For metrics and the health report. */
export type MemoryState = {
  readonly limitBytes: number;
  /** Resident memory of the engine processes of all models, and what is set aside for those that are loading. */
  readonly usedBytes: number;
};

type Held = {
  /** What is set aside for it until it is loaded; undefined from then on. */
  reservedBytes: number | undefined;
  readonly sinceMs: number;
};

const HOLD_MS = 1000;
const TURN_MS = 10_000;

/**
 * Sees to it that the models in memory do not take more than they may: before one is loaded, those that were not used
 * for longest are unloaded until it fits, the default one last. What is in work is never interrupted. Where all that
 * could give way is wanted all the time, models take turns: one is unloaded as soon as what is in work is done, its
 * requests wait until it is loaded again.
 */
export class ModelMemory {
  readonly #options: ModelMemoryOptions;
  readonly #held = new Map<Resident, Held>();
  /** Models are let in one after the other, in the order in which they came. */
  #turn: Promise<unknown> = Promise.resolve();
  #isTrimming = false;
  /** Wakes who waits for room. */
  #wake: () => void = () => {};

  constructor(options: ModelMemoryOptions) {
    this.#options = options;
  }

  get state(): MemoryState {
    return { limitBytes: this.#options.limitBytes, usedBytes: this.#usedBytes() };
  }

  /**
   * Makes room. The resident is to say `loaded` or `released` afterwards.
   *
   * @returns For how many hosts there is room, at most as many as are wanted, at least one.
   * @throws WhosaidError `model_too_large`; `signal.reason` when that aborts while it waits.
   */
  admit(resident: Resident, need: MemoryNeed, signal: AbortSignal): Promise<number> {
    const turn = this.#turn.then(() => this.#makeRoom(resident, need, signal));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /**
   * Its hosts are loaded: from now on it counts as what they take.
   *
   * @param bytesOfHost What the largest of them takes.
   * @throws WhosaidError `model_too_large` when it should not have been loaded.
   */
  loaded(resident: Resident, bytesOfHost: number): void {
    this.#checkSize(resident.model, bytesOfHost);
    const held = this.#held.get(resident);
    if (held) held.reservedBytes = undefined;
    this.#wake();
  }

  /** It takes no memory any more. */
  released(resident: Resident): void {
    this.#held.delete(resident);
    this.#wake();
  }

  /** It has nothing to do any more: others may have waited for that, and it may have grown at its work. */
  idle(): void {
    this.#wake();
    if (this.#isTrimming || this.#fits(0)) return;
    this.#isTrimming = true;
    this.#turn = this.#turn
      .then(() => this.#trim())
      .finally(() => {
        this.#isTrimming = false;
      });
  }

  async #makeRoom(resident: Resident, need: MemoryNeed, signal: AbortSignal): Promise<number> {
    this.#checkSize(need.model, need.leastBytes);
    const { limitBytes } = this.#options;
    const hosts = Math.min(need.hosts, Math.max(1, Math.floor(limitBytes / need.bytesOfHost)));
    const bytes = Math.min(limitBytes, hosts * need.bytesOfHost);
    while (!signal.aborted && !this.#fits(bytes)) {
      const given = this.#next({ mayDrain: true });
      if (given) await this.#unload(given, need.model);
      else await this.#change(signal);
    }
    signal.throwIfAborted();
    this.#held.set(resident, { reservedBytes: bytes, sinceMs: performance.now() });
    return hosts;
  }

  /** Unloads what is idle, but for what was used last, while too much is taken. */
  async #trim(): Promise<void> {
    while (!this.#fits(0)) {
      const last = Math.max(...[...this.#held.keys()].map(({ lastUsedMs }) => lastUsedMs));
      const given = this.#next({ mayDrain: false });
      if (!given || given.lastUsedMs === last) return;
      await this.#unload(given);
    }
  }

  async #unload(resident: Resident, forModel?: string): Promise<void> {
    const { model, rssBytes } = resident;
    const reason =
      forModel === undefined ? 'models take more than they may' : `room for ${forModel}`;
    this.#options.logger.info('A model is unloaded', { model, rssBytes, reason });
    await resident.unload();
    this.#held.delete(resident);
  }

  #checkSize(model: string, bytes: number): void {
    const { limitBytes, aloneBytes = limitBytes } = this.#options;
    if (bytes <= aloneBytes) return;
    throw new WhosaidError('model_too_large', {
      model,
      needed: formatBytes(bytes),
      limit: formatBytes(aloneBytes),
    });
  }

  #fits(bytes: number): boolean {
    return this.#held.size === 0 || this.#usedBytes() + bytes <= this.#options.limitBytes;
  }

  #usedBytes(): number {
    const all = [...this.#held];
    return all.reduce((sum, [{ rssBytes }, held]) => sum + (held.reservedBytes ?? rssBytes), 0);
  }

  #next({ mayDrain }: { mayDrain: boolean }): Resident | undefined {
    return toLetGo(this.#loaded(), { ...this.#times(), mayDrain });
  }

  #loaded() {
    return [...this.#held]
      .filter(([, { reservedBytes }]) => reservedBytes === undefined)
      .map(([resident, { sinceMs }]) => ({ resident, sinceMs }));
  }

  #times() {
    const { holdMs = HOLD_MS, turnMs = TURN_MS } = this.#options;
    return { nowMs: performance.now(), holdMs, turnMs };
  }

  /** Until something has changed that may make room, or time has. */
  async #change(signal: AbortSignal): Promise<void> {
    const rests = this.#loaded().map((each) => restMs(each, this.#times()));
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      signal.addEventListener('abort', this.#wake, { once: true });
      if (rests.length > 0) timer = setTimeout(resolve, Math.max(1, Math.min(...rests)));
    });
    clearTimeout(timer);
    signal.removeEventListener('abort', this.#wake);
    this.#wake = () => {};
  }
}
