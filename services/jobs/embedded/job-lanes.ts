import { FairQueue } from '#services/model-manager/hosts/fair-queue.js';

/** A larger recording is taken for long: 10 minutes of mp3, 5 of WAV. */
const LONG_BYTES = 10e6;
/** What a job costs besides its bytes, in bytes: many small ones are work, too. */
const LEAST_COST = 1e5;

/** A job that waits. */
export type WaitingJob = { readonly id: string; readonly owner: string; readonly bytes: number };

type Waiting = { readonly id: string; readonly ticket: number };

/** Those of one size; owners take turns. */
type Lane = {
  readonly queue: FairQueue<Waiting>;
  readonly running: Set<string>;
  readonly most: number;
};

/**
 * Which job is next. Owners take turns by how much they have put in, and each owner's jobs go in the order in which they
 * came. Long recordings never take all places, so that short ones need not wait for hours.
 */
export class JobLanes {
  readonly #short: Lane;
  readonly #long: Lane;
  readonly #concurrency: number;
  readonly #owners = new Map<string, object>();
  readonly #waiting = new Map<string, { lane: Lane; item: Waiting }>();
  #tickets = 0;

  constructor({ concurrency }: { concurrency: number }) {
    this.#concurrency = concurrency;
    const lane = (most: number): Lane => ({ queue: new FairQueue(), running: new Set(), most });
    this.#short = lane(concurrency);
    this.#long = lane(Math.max(1, Math.floor(0.75 * concurrency)));
  }

  get running(): number {
    return this.#short.running.size + this.#long.running.size;
  }

  add({ id, owner, bytes }: WaitingJob): void {
    const lane = this.#laneOf(bytes);
    const item = { id, ticket: this.#tickets++ };
    this.#waiting.set(id, { lane, item });
    const cost = bytes + LEAST_COST;
    lane.queue.add(item, { owner: this.#ownerOf(owner), cost, isUrgent: false });
  }

  /** The job whose turn it is, when there is a place for it; it has the place until `done`. */
  take(): string | undefined {
    if (this.running >= this.#concurrency) return undefined;
    const open = [this.#short, this.#long].filter(
      ({ queue, running, most }) => queue.length > 0 && running.size < most,
    );
    // Of two that may, the one that came first.
    const [lane] = open.sort((one, other) => ticketOf(one) - ticketOf(other));
    const next = lane?.queue.take();
    if (lane === undefined || next === undefined) return undefined;
    this.#waiting.delete(next.id);
    lane.running.add(next.id);
    return next.id;
  }

  /** Its place is free again. */
  done(id: string): void {
    this.#short.running.delete(id);
    this.#long.running.delete(id);
  }

  /** It waits no more. */
  remove(id: string): void {
    const found = this.#waiting.get(id);
    if (found === undefined) return;
    found.lane.queue.remove(found.item);
    this.#waiting.delete(id);
  }

  #laneOf(bytes: number): Lane {
    return bytes > LONG_BYTES ? this.#long : this.#short;
  }

  #ownerOf(name: string): object {
    const owner = this.#owners.get(name) ?? {};
    this.#owners.set(name, owner);
    return owner;
  }
}

function ticketOf({ queue }: Lane): number {
  return queue.first?.ticket ?? Number.POSITIVE_INFINITY;
}
