/** Events from one who tells to one who listens, in order, kept until they are read. */
export class EventQueue<Event> implements AsyncIterable<Event> {
  #events: Event[] = [];
  #isEnded = false;
  #wake: () => void = () => {};

  /** After `end`: ignored. */
  push(event: Event): void {
    if (this.#isEnded) return;
    this.#events.push(event);
    this.#wake();
  }

  /** What was pushed can still be read. Idempotent. */
  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Event> {
    for (;;) {
      const events = this.#events;
      this.#events = [];
      yield* events;
      if (this.#events.length > 0) continue;
      if (this.#isEnded) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
