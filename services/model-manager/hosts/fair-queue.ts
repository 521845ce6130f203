/** What waits in the queue says about itself. */
export type QueueTicket = {
  /** Whose it is: owners take turns. Without one it is an owner of its own. */
  readonly owner?: object | undefined;
  /** About how much work it is, in any unit that is the same for all. */
  readonly cost: number;
  /** Goes before everything that is not, in the order in which the urgent ones came. */
  readonly isUrgent: boolean;
};

type Entry<Item> = { readonly item: Item; readonly isUrgent: boolean; readonly tag: number };

/**
 * A queue in which owners take turns by what their work costs, whoever came first and however much each has put in:
 * start-time fair queueing (Goyal, Vin, Cheng 1996). The first item of a new owner waits for one item of each other
 * owner at most, and those with much to do share what is left.
 */
export class FairQueue<Item> {
  #entries: Entry<Item>[] = [];
  /** Tag up to which each owner has been served or is in line. */
  readonly #finished = new WeakMap<object, number>();
  /** Tag of what was taken last: whoever comes new begins here. */
  #now = 0;

  get length(): number {
    return this.#entries.length;
  }

  /** What `take` would return. */
  get first(): Item | undefined {
    return this.#entries[0]?.item;
  }

  /** Whether what `take` would return is urgent. */
  get isUrgent(): boolean {
    return this.#entries[0]?.isUrgent ?? false;
  }

  add(item: Item, { owner, cost, isUrgent }: QueueTicket): void {
    const tag = Math.max(this.#now, (owner && this.#finished.get(owner)) ?? 0);
    if (owner && !isUrgent) this.#finished.set(owner, tag + cost);
    this.#insert({ item, isUrgent, tag });
  }

  /** Puts an item where it is next, for one that has had its turn in vain. */
  addFirst(item: Item): void {
    this.#entries.unshift({ item, isUrgent: true, tag: this.#now });
  }

  /** The item whose turn it is. */
  take(): Item | undefined {
    const entry = this.#entries.shift();
    if (entry && !entry.isUrgent) this.#now = Math.max(this.#now, entry.tag);
    return entry?.item;
  }

  /** @returns Whether it was in the queue. */
  remove(item: Item): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.item !== item);
    return this.#entries.length < before;
  }

  /** Empties the queue. */
  takeAll(): Item[] {
    return this.#entries.splice(0).map(({ item }) => item);
  }

  #insert(entry: Entry<Item>): void {
    const isBefore = (other: Entry<Item>) =>
      entry.isUrgent ? !other.isUrgent : !other.isUrgent && entry.tag < other.tag;
    const at = this.#entries.findIndex(isBefore);
    this.#entries.splice(at < 0 ? this.#entries.length : at, 0, entry);
  }
}
