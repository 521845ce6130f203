/** Something that happens again and again; one may wait for the next time. */
export class Pulse {
  #next: Promise<void> | undefined;
  #resolve: (() => void) | undefined;

  /** Resolves when it happens next. Never rejects. */
  wait(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      this.#resolve = resolve;
    });
    return this.#next;
  }

  happen(): void {
    this.#resolve?.();
    this.#next = this.#resolve = undefined;
  }
}
