export type Wait = {
  /** Order of coming, across all lines. */
  readonly ticket: number;
  /** Who is aborted leaves the line; the wait rejects with `signal.reason`. */
  readonly signal: AbortSignal;
  readonly maxSeconds: number;
  /** What the wait rejects with when it was too long. */
  readonly timedOut: () => Error;
  /** Told the place in the line, 1 is next: on entering it, and whenever it changes. */
  readonly onPosition?: ((position: number) => void) | undefined;
};

type Waiter<Pass> = {
  readonly ticket: number;
  readonly onPosition: ((position: number) => void) | undefined;
  readonly admit: (pass: Pass) => void;
};

/** Requests that wait for a place: first come, first served. */
export class WaitingLine<Pass> {
  readonly #waiters: Waiter<Pass>[] = [];

  get length(): number {
    return this.#waiters.length;
  }

  /** Ticket of who is next; undefined when nobody waits. */
  get nextTicket(): number | undefined {
    return this.#waiters[0]?.ticket;
  }

  /** Resolves with what `admitNext` gives when it is this one's turn. */
  join({ ticket, signal, maxSeconds, timedOut, onPosition }: Wait): Promise<Pass> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        this.#remove(waiter);
      };
      const giveUp = (): void => {
        leave();
        reject(signal.reason);
      };
      const waiter: Waiter<Pass> = {
        ticket,
        onPosition,
        admit(pass) {
          leave();
          resolve(pass);
        },
      };
      const timer = setTimeout(() => {
        leave();
        reject(timedOut());
      }, maxSeconds * 1000);
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiters.push(waiter);
      onPosition?.(this.#waiters.length);
    });
  }

  admitNext(pass: Pass): void {
    this.#waiters[0]?.admit(pass);
  }

  #remove(waiter: Waiter<Pass>): void {
    const index = this.#waiters.indexOf(waiter);
    this.#waiters.splice(index, 1);
    this.#waiters.slice(index).forEach(({ onPosition }, behind) => {
      onPosition?.(index + behind + 1);
    });
  }
}
