import { WhosaidError } from '#utils/errors/whosaid-error.js';

/** How many requests each client has here at the same time. */
export class ClientCounts {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();

  /** `limit` 0 is none. */
  constructor({ limit }: { readonly limit: number }) {
    this.#limit = limit;
  }

  /** Throws `client_busy`, with when to come back, when a client has as many requests here as one may have. */
  rejectWhenFull(
    client: string | undefined,
    { retrySeconds }: { readonly retrySeconds: () => number },
  ): void {
    if (!this.isFull(client)) return;
    throw new WhosaidError('client_busy', { limit: this.#limit, seconds: retrySeconds() });
  }

  /** Whether a client has as many here as one may have. */
  isFull(client: string | undefined): boolean {
    if (this.#limit === 0 || client === undefined) return false;
    return this.#of(client) >= this.#limit;
  }

  /** Counts one more. What it returns takes it back again; idempotent. */
  add(client: string | undefined): () => void {
    if (this.#limit === 0 || client === undefined) return () => {};
    this.#counts.set(client, this.#of(client) + 1);
    let isThere = true;
    return () => {
      if (!isThere) return;
      isThere = false;
      const left = this.#of(client) - 1;
      // Clients that have gone are not remembered: their number has no bound.
      if (left === 0) this.#counts.delete(client);
      else this.#counts.set(client, left);
    };
  }

  #of(client: string): number {
    return this.#counts.get(client) ?? 0;
  }
}
