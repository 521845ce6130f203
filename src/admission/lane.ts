import { WaitingLine } from './waiting-line.js';

/** A piece of work that has a place. */
export type Work = { readonly startedSeconds: number };

/** Weight of the last request in the moving average of how long they take. */
const NEWEST_WEIGHT = 0.2;

/** Requests of one kind: how many there are, who waits, what is worked on, and how long that takes as a rule. */
export class Lane {
  /** Requests whose body is still to come. */
  receiving = 0;
  readonly line = new WaitingLine<Work>();
  readonly #works = new Set<Work>();
  #usualSeconds: number;

  /** `firstGuessSeconds` is what a request is taken to last before any has ended. */
  constructor({ firstGuessSeconds }: { readonly firstGuessSeconds: number }) {
    this.#usualSeconds = firstGuessSeconds;
  }

  get running(): number {
    return this.#works.size;
  }

  get size(): number {
    return this.receiving + this.line.length + this.running;
  }

  begin(): Work {
    const work = { startedSeconds: nowSeconds() };
    this.#works.add(work);
    return work;
  }

  end(work: Work): void {
    this.#works.delete(work);
    this.#usualSeconds += NEWEST_WEIGHT * (ageOf(work) - this.#usualSeconds);
  }

  /** Gives work that turned out to be of another kind to that lane. Does nothing where it is not in this one. */
  hand(work: Work, to: Lane): void {
    if (this.#works.delete(work)) to.#works.add(work);
  }

  /** How long a request takes in all, on the mean: as usual, or the age of what is worked on where that is more already. */
  get expectedSeconds(): number {
    if (this.running === 0) return this.#usualSeconds;
    const each = [...this.#works].map((work) => Math.max(this.#usualSeconds, ageOf(work)));
    return each.reduce((sum, seconds) => sum + seconds, 0) / this.running;
  }
}

function ageOf({ startedSeconds }: Work): number {
  return nowSeconds() - startedSeconds;
}

function nowSeconds(): number {
  return performance.now() / 1000;
}
