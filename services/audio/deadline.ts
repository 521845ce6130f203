/**
 * The time is counted in so many parts: while this process stood still, or its machine slept, one part passes at most.
 * What was sent in that time is still to be read.
 */
const PARTS = 10;

/** A timer that runs only while somebody waits, and starts anew with every sign of progress. */
export class Deadline {
  readonly #milliseconds: number;
  readonly #onMissed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #partsLeft = PARTS;
  /** Whether the deadline was missed. */
  missed = false;

  constructor(options: { readonly milliseconds: number; readonly onMissed: () => void }) {
    this.#milliseconds = options.milliseconds;
    this.#onMissed = options.onMissed;
  }

  start(): void {
    this.stop();
    this.#partsLeft = PARTS;
    this.#timer = setInterval(() => this.#pass(), this.#milliseconds / PARTS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #pass(): void {
    this.#partsLeft -= 1;
    if (this.#partsLeft > 0) return;
    this.stop();
    this.missed = true;
    this.#onMissed();
  }
}
