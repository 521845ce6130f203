import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { ModelMemory } from '../memory/model-memory.js';
import type { Resident } from '../memory/resident.js';
import type { HostState } from './options.js';

/** How a pool shares the memory of all models. */
export type PoolMemory<Spec> = {
  readonly shared: ModelMemory;
  /** About what one host takes, in bytes, before it was ever loaded. */
  readonly estimate: (spec: Spec) => Promise<number>;
  /** It gives way after all others. Default false. */
  readonly isDefault?: boolean;
};

/** The place of a pool's hosts in memory, and what they are known to take. */
export class PoolRoom<Spec> {
  readonly #memory: PoolMemory<Spec> | undefined;
  readonly #resident: Resident;
  /** What a host took when its model was just loaded; undefined before. */
  #loadedBytes: number | undefined;
  /** What a host took at most. */
  #peakBytes = 0;

  /** @param memory Absent: there is room for everything. */
  constructor(memory: PoolMemory<Spec> | undefined, resident: Resident) {
    this.#memory = memory;
    this.#resident = resident;
  }

  /**
   * Waits for room.
   *
   * @returns For how many of the wanted hosts there is some, at least one.
   * @throws WhosaidError `model_too_large`; `signal.reason` when that aborts.
   */
  async take(spec: Spec, hosts: number, signal: AbortSignal): Promise<number> {
    if (!this.#memory) return hosts;
    const { shared, estimate } = this.#memory;
    const leastBytes = this.#loadedBytes ?? (await estimate(spec));
    const bytesOfHost = Math.max(leastBytes, this.#peakBytes);
    const need = { model: this.#resident.model, leastBytes, bytesOfHost, hosts };
    return shared.admit(this.#resident, need, signal);
  }

  /**
   * The hosts are loaded.
   *
   * @throws WhosaidError `model_too_large` when it turns out that they should not have been.
   */
  settle(hosts: readonly HostState[]): void {
    this.#loadedBytes = largest(hosts);
    this.#memory?.shared.loaded(this.#resident, this.#loadedBytes);
  }

  /** The hosts are gone, or are about to be. */
  leave(hosts: readonly HostState[]): void {
    this.#peakBytes = Math.max(this.#peakBytes, largest(hosts));
    this.#memory?.shared.released(this.#resident);
  }

  /** The hosts have nothing to do any more. */
  rest(): void {
    this.#memory?.shared.idle();
  }
}

/** Whether it is a property of the model that it was not loaded, and no failure. */
export function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof WhosaidError && thrown.key === 'model_too_large';
}

function largest(hosts: readonly HostState[]): number {
  return Math.max(0, ...hosts.map(({ rssBytes = 0 }) => rssBytes));
}
