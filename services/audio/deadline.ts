/** A timer that runs only while somebody waits, and starts anew with every sign of progress. */
export class Deadline {
  readonly #milliseconds: number;
  readonly #onMissed: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** Whether the deadline was missed. */
  missed = false;

  constructor(options: { readonly milliseconds: number; readonly onMissed: () => void }) {
    this.#milliseconds = options.milliseconds;
    this.#onMissed = options.onMissed;
  }

  start(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.missed = true;
      this.#onMissed();
    }, this.#milliseconds);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
