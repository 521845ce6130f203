export type CircuitBreakerOptions = {
  /** So many failures in a row, without one success, open the circuit. */
  readonly failures: number;
  /** How long it stays open at first; doubles each time it opens again without a success in between. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
  /** Called when the pause is over and a trial may be made. */
  readonly onTrial: () => void;
};

/**
 * Keeps requests away from engines that die again and again: each attempt would cost the load of a model and make its
 * client wait for an error. After a pause one request at a time is let through; the first that succeeds closes the
 * circuit. (The pattern is Michael Nygard's, "Release It!", 2007.)
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  #openings = 0;
  #retryAtMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /** Nothing may be tried now. */
  get isOpen(): boolean {
    return this.#retryAtMs !== undefined && performance.now() < this.#retryAtMs;
  }

  /** Something may be tried, one request at a time. */
  get isHalfOpen(): boolean {
    return this.#openings > 0 && !this.isOpen;
  }

  /** How long it stays open; undefined when it is not. */
  get retrySeconds(): number | undefined {
    if (this.#retryAtMs === undefined || !this.isOpen) return undefined;
    return (this.#retryAtMs - performance.now()) / 1000;
  }

  /** @returns Whether the circuit opened by it. */
  fail(): boolean {
    this.#failures += 1;
    const isTrial = this.isHalfOpen;
    if (this.isOpen || (!isTrial && this.#failures < this.#options.failures)) return false;
    const { pauseMs, maxPauseMs, onTrial } = this.#options;
    const ownPauseMs = Math.min(maxPauseMs, pauseMs * 2 ** this.#openings);
    this.#openings += 1;
    this.#retryAtMs = performance.now() + ownPauseMs;
    clearTimeout(this.#timer);
    // A little late, so that the circuit is not found open by a hair.
    this.#timer = setTimeout(onTrial, ownPauseMs + 5);
    this.#timer.unref();
    return true;
  }

  succeed(): void {
    this.#failures = 0;
    this.#openings = 0;
    this.#retryAtMs = undefined;
    clearTimeout(this.#timer);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
