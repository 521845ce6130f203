import { Lane } from './lane.js';

/** What requests are taken to last before any has ended. */
const FIRST_GUESS_SECONDS = { short: 5, long: 60 };
/**
 * OpenAI's SDKs wait as long as they are told to up to a minute, in some versions less than it; above, they come back
 * after a second or not at all.
 */
const MAX_RETRY_SECONDS = 59;

/**
 * The places at which recordings are worked on, `maxRunning` of them. A quarter, rounded up, is kept from long ones, so
 * that they never keep short ones out. Work that only turns out to be long while it runs gives its short place back and
 * goes on: then there are more at work than places, by that quarter at most. Where there is one place, all share it.
 */
export class Places {
  readonly short = new Lane({ firstGuessSeconds: FIRST_GUESS_SECONDS.short });
  readonly long = new Lane({ firstGuessSeconds: FIRST_GUESS_SECONDS.long });
  readonly #maxRunning: number;
  readonly #reserved: number;

  constructor({ maxRunning }: { readonly maxRunning: number }) {
    this.#maxRunning = maxRunning;
    this.#reserved = maxRunning === 1 ? 0 : Math.ceil(maxRunning / 4);
  }

  get running(): number {
    return this.short.running + this.long.running;
  }

  get maxLong(): number {
    return this.#maxRunning - this.#reserved;
  }

  laneOf({ isLong }: { readonly isLong: boolean }): Lane {
    return isLong && this.#reserved > 0 ? this.long : this.short;
  }

  /** Whether there is a place for one more of this lane. */
  isOpen(lane: Lane): boolean {
    if (lane === this.short && lane.running < this.#keptForShort) return true;
    return this.running < this.#maxRunning && (lane === this.short || lane.running < this.maxLong);
  }

  /** Lets in who is next, as long as there is a place for somebody: of those that have one, who came first. */
  fill(): void {
    for (let lane = this.#nextLane(); lane !== undefined; lane = this.#nextLane()) {
      lane.line.admitNext(lane.begin());
    }
  }

  /** When a place should be free for one who comes to this lane now: those who are here take their turns before. */
  retrySeconds(lane: Lane): number {
    // A long one that finds room in its own lane waits for any place, behind everybody.
    const isBehindAll = lane === this.long && lane.running < this.maxLong;
    const turns = isBehindAll
      ? (waitingIn(this.short) + waitingIn(this.long) + 1) / this.#maxRunning
      : (waitingIn(lane) + 1) / this.#placesOf(lane);
    const expected = isBehindAll ? this.#expectedSeconds : lane.expectedSeconds;
    return Math.min(MAX_RETRY_SECONDS, Math.max(1, Math.ceil(expected * turns)));
  }

  get #expectedSeconds(): number {
    const { short, long, running } = this;
    if (running === 0) return short.expectedSeconds;
    const sum = short.expectedSeconds * short.running + long.expectedSeconds * long.running;
    return sum / running;
  }

  /** Places that long ones leave to short ones, at least those that are kept for them; 0 while too many turned out long. */
  get #keptForShort(): number {
    return Math.min(this.#reserved, this.#maxRunning + this.#reserved - this.long.running);
  }

  #placesOf(lane: Lane): number {
    if (lane === this.long) return this.maxLong;
    return Math.max(this.#maxRunning - this.long.running, this.#keptForShort);
  }

  #nextLane(): Lane | undefined {
    const open = [this.short, this.long].filter(
      (lane) => lane.line.length > 0 && this.isOpen(lane),
    );
    return open.toSorted((a, b) => ticketOf(a) - ticketOf(b))[0];
  }
}

/** Who comes before a newcomer, whether they have arrived in full or not. */
function waitingIn(lane: Lane): number {
  return lane.receiving + lane.line.length;
}

function ticketOf(lane: Lane): number {
  return lane.line.nextTicket ?? Number.POSITIVE_INFINITY;
}
