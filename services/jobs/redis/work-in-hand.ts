import { setMaxListeners } from 'node:events';

type Piece = {
  /** The job's. */
  readonly id: string;
  /** The piece's own. */
  readonly key: string;
};

type Entry = { readonly id: string; readonly controller: AbortController; ended: Promise<void> };

/** The pieces of work that this process has in hand, each of which somebody may want to end. */
export class WorkInHand {
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new AbortController();

  constructor() {
    setMaxListeners(0, this.#closing.signal); // every piece listens
  }

  get size(): number {
    return this.#entries.size;
  }

  get isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  /**
   * Works on a piece. When the queue gives the same one twice, as it does after Redis was away for a while, the second
   * time begins when the first has ended, and finds it done.
   */
  async add({ id, key }: Piece, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    for (let same = this.#entries.get(key); same; same = this.#entries.get(key))
      await same.ended.catch(() => {});
    const controller = new AbortController();
    const signal = AbortSignal.any([controller.signal, this.#closing.signal]);
    const entry: Entry = { id, controller, ended: Promise.resolve() };
    this.#entries.set(key, entry);
    entry.ended = work(signal).finally(() => this.#entries.delete(key));
    await entry.ended;
  }

  /** Ends all pieces of a job. */
  letGo(id: string, reason: Error): void {
    for (const entry of this.#entries.values()) if (entry.id === id) entry.controller.abort(reason);
  }

  /** Ends all. */
  close(reason: Error): void {
    this.#closing.abort(reason);
  }

  /** Resolves when nothing is in hand. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#entries.values()].map(({ ended }) => ended));
  }
}
