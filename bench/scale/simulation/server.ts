import type { EventQueue } from './event-queue.js';

/** Something that serves in the order of arrival, one or some at a time: Redis, the store, gateways. */
export class Server {
  readonly #events: EventQueue;
  /** When each of its places is free again. */
  readonly #freeAt: number[];
  /** Seconds of service, over all places, that were asked for. */
  #askedSeconds = 0;

  constructor(events: EventQueue, places = 1) {
    this.#events = events;
    this.#freeAt = Array.from({ length: places }, () => 0);
  }

  /** Seconds of service so far, over all places. */
  get busySeconds(): number {
    const { now } = this.#events;
    const ahead = this.#freeAt.reduce((sum, freeAt) => sum + Math.max(0, freeAt - now), 0);
    return this.#askedSeconds - ahead;
  }

  /** Takes so long once it is its turn; then `done`. */
  serve(seconds: number, done: () => void): void {
    const soonest = Math.min(...this.#freeAt);
    const endsAt = Math.max(this.#events.now, soonest) + seconds;
    this.#freeAt[this.#freeAt.indexOf(soonest)] = endsAt;
    this.#askedSeconds += seconds;
    this.#events.at(endsAt, done);
  }
}
