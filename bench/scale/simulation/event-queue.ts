type Event = { readonly at: number; readonly number: number; readonly happen: () => void };

/** What happens when, on a clock of its own that goes from event to event. A binary heap: seconds, then order of arrival. */
export class EventQueue {
  readonly #heap: Event[] = [];
  #count = 0;
  #now = 0;

  /** Seconds since the start. */
  get now(): number {
    return this.#now;
  }

  /** At that second, or now where it is past. */
  at(second: number, happen: () => void): void {
    const heap = this.#heap;
    const event = { at: Math.max(second, this.#now), number: this.#count++, happen };
    let index = heap.length;
    for (let parent = (index - 1) >> 1; index > 0; parent = (index - 1) >> 1) {
      const above = heap[parent] as Event;
      if (!isBefore(event, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  /** Lets everything happen, and what comes of it, until nothing is left. */
  run(): void {
    for (let event = this.#take(); event; event = this.#take()) {
      this.#now = event.at;
      event.happen();
    }
  }

  #take(): Event | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let index = 0;
    for (let child = 1; child < heap.length; child = 2 * index + 1) {
      const other = heap[child + 1];
      if (other && isBefore(other, heap[child] as Event)) child += 1;
      if (!isBefore(heap[child] as Event, last)) break;
      heap[index] = heap[child] as Event;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.number < other.number);
}
