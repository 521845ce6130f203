import { StallWatch } from './stall-watch.js';

type Waiter = { resolve(output: unknown): void; reject(reason: unknown): void };

export type PendingCall = {
  /** Who waits leaves with `signal.reason`; the child still works on it. */
  readonly signal: AbortSignal | undefined;
  /** How much longer than a request without audio it may be without progress. */
  readonly allowanceSeconds: number;
  /** Called when who waits has left. */
  readonly onCancel: (id: number) => void;
};

/** What one child was asked and has not answered, those who wait for it, and how long they may have to. */
export class PendingRequests {
  readonly #waiters = new Map<number, Waiter>();
  /** Those cancelled meanwhile are among them. */
  readonly #unanswered = new Set<number>();
  readonly #begun = new Set<number>();
  readonly #stalls: StallWatch;
  #lastId = 0;

  /**
   * @param options.stallMs For a request without any audio.
   * @param options.onStall Called when the child gets nowhere with a request.
   */
  constructor(options: { readonly stallMs: number; readonly onStall: () => void }) {
    this.#stalls = new StallWatch(options);
  }

  /** False also while the child works on something that was cancelled. */
  get isEmpty(): boolean {
    return this.#unanswered.size === 0;
  }

  /** The answer settles when the child answers, as `signal` says, or with `lose`. */
  add({ signal, allowanceSeconds, onCancel }: PendingCall): {
    readonly id: number;
    readonly answer: Promise<unknown>;
  } {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => {
      const cancel = () => {
        this.#waiters.delete(id);
        reject(signal?.reason);
        onCancel(id);
      };
      const settled = () => {
        this.#waiters.delete(id);
        signal?.removeEventListener('abort', cancel);
      };
      this.#waiters.set(id, {
        resolve: (output) => {
          settled();
          resolve(output);
        },
        reject: (reason) => {
          settled();
          reject(reason);
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
    });
    this.#unanswered.add(id);
    // Also when it is cancelled: a child that is stuck is of no use to the next request.
    this.#stalls.begin(id, allowanceSeconds);
    return { id, answer };
  }

  /** The child works on it. */
  begun(id: number): void {
    this.#begun.add(id);
  }

  /** The child got somewhere. */
  progress(id: number): void {
    this.#stalls.progress(id);
  }

  resolve(id: number, output: unknown): void {
    this.#answered(id)?.resolve(output);
  }

  reject(id: number, reason: unknown): void {
    this.#answered(id)?.reject(reason);
  }

  /**
   * The child is gone: nothing will be answered any more.
   *
   * @param reasonFor What a request is rejected with, by whether the child had begun to work on it.
   */
  lose(reasonFor: (hadBegun: boolean) => unknown): void {
    this.#stalls.dispose();
    this.#unanswered.clear();
    for (const [id, waiter] of [...this.#waiters]) waiter.reject(reasonFor(this.#begun.has(id)));
  }

  #answered(id: number): Waiter | undefined {
    this.#unanswered.delete(id);
    this.#begun.delete(id);
    this.#stalls.end(id);
    return this.#waiters.get(id);
  }
}
