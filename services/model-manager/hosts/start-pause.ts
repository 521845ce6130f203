import type { WhosaidError } from '#utils/errors/whosaid-error.js';
import { noHostError } from './pool-errors.js';

export type StartPauseOptions = {
  /** After the first failure; doubles with each further one in a row. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
};

/**
 * Keeps requests from starting a pool again that has just failed to start: each attempt costs the load of a model, and
 * makes its client wait for the same error.
 */
export class StartPause {
  readonly #options: StartPauseOptions;
  #failures = 0;
  #failure: WhosaidError | undefined;
  #retryAtMs = 0;

  constructor(options: StartPauseOptions) {
    this.#options = options;
  }

  /** What the last attempt failed for, with the seconds until the next one; undefined where one may be made now. */
  get error(): WhosaidError | undefined {
    const leftMs = this.#retryAtMs - performance.now();
    if (this.#failure === undefined || leftMs <= 0) return undefined;
    return noHostError(this.#failure, Math.max(1, Math.ceil(leftMs / 1000)));
  }

  fail(failure: WhosaidError): void {
    const { pauseMs, maxPauseMs } = this.#options;
    this.#failure = failure;
    this.#retryAtMs = performance.now() + Math.min(maxPauseMs, pauseMs * 2 ** this.#failures);
    this.#failures += 1;
  }
}
