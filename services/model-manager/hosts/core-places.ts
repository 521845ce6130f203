/**
 * How many calls of engine hosts may run at once, over all pools. More calls than processors finish none of them sooner:
 * they take turns, and each finds the caches full of the others' weights (docs/decisions/cost-around-the-recogniser.md).
 */
export class CorePlaces {
  readonly #size: () => number;
  #taken = 0;
  /** Those that wait, in the order in which they began to. */
  readonly #waiting = new Set<() => void>();

  /** @param size Processors; asked each time, because where models run is known only when the first one is loaded. */
  constructor(size: () => number) {
    this.#size = size;
  }

  /** How many more calls of so many threads may run now. A call of more threads than there are places runs alone. */
  roomFor(threads: number): number {
    const free = Math.floor((this.#size() - this.#taken) / threads);
    return Math.max(0, this.#taken === 0 ? Math.max(1, free) : free);
  }

  /** Also where there is no room: what is urgent does not wait. `leave` gives the places back. */
  take(threads: number): void {
    this.#taken += threads;
  }

  /**
   * Gives places back, and tells those that wait for some: whoever waits longest first, and who gave them back last of
   * all, so that everybody has a turn.
   *
   * @param own What the giver waits with, if it waits.
   */
  leave(threads: number, own?: () => void): void {
    this.#taken -= threads;
    const waiting = [...this.#waiting].filter((onRoom) => onRoom !== own);
    if (own && this.#waiting.has(own)) waiting.push(own);
    this.#waiting.clear();
    for (const onRoom of waiting) onRoom();
  }

  /** Calls this once, when there may be room. Asking again with the same function changes nothing. */
  wait(onRoom: () => void): void {
    this.#waiting.add(onRoom);
  }
}
