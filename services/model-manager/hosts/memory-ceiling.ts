/** What a model needs for its work beyond what it takes after loading. */
const MARGIN_BYTES = 2 ** 30;
/** A limit so close to what the model takes would replace the child after each request. */
const LEAST_MARGIN = 1.25;
/** Beyond so many times the limit a child is ended in the middle of its work. */
const HARD_LIMIT = 3;

/** How much memory a child may take, and how much it does. */
export class MemoryCeiling {
  readonly #wantedBytes: number | null | undefined;
  #limitBytes = Number.POSITIVE_INFINITY;
  #rssBytes: number | undefined;

  /** @param limitBytes Null or undefined: what it takes after loading, and 1 GiB more. */
  constructor(limitBytes: number | null | undefined) {
    this.#wantedBytes = limitBytes;
  }

  /** Resident memory when it was last heard of. */
  get rssBytes(): number | undefined {
    return this.#rssBytes;
  }

  /** The child should be replaced when it is free. */
  get isReached(): boolean {
    return (this.#rssBytes ?? 0) > this.#limitBytes;
  }

  /** The child should be ended, whatever it is at. */
  get isFarExceeded(): boolean {
    return (this.#rssBytes ?? 0) > HARD_LIMIT * this.#limitBytes;
  }

  /** What the child takes now, with its model loaded, is what the model needs. */
  loaded(rssBytes: number): void {
    const limitBytes = this.#wantedBytes ?? rssBytes + MARGIN_BYTES;
    this.#limitBytes = Math.max(limitBytes, rssBytes * LEAST_MARGIN);
    this.#rssBytes = rssBytes;
  }

  note(rssBytes: number): void {
    this.#rssBytes = rssBytes;
  }
}
