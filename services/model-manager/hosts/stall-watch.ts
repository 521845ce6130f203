/** Limits the time in which a request must get somewhere. */
export class StallWatch {
  readonly #stallMs: number;
  readonly #onStall: () => void;
  readonly #timers = new Map<number, NodeJS.Timeout>();

  /**
   * @param options.stallMs For a request without any audio.
   * @param options.onStall Called when a request has made no progress for as long as it may.
   */
  constructor(options: { readonly stallMs: number; readonly onStall: () => void }) {
    this.#stallMs = options.stallMs;
    this.#onStall = options.onStall;
  }

  /** @param allowanceSeconds What the request may take longer than one without audio. */
  begin(id: number, allowanceSeconds: number): void {
    const timer = setTimeout(this.#onStall, this.#stallMs + allowanceSeconds * 1000);
    timer.unref();
    this.#timers.set(id, timer);
  }

  /** The request got somewhere: its time begins anew. */
  progress(id: number): void {
    this.#timers.get(id)?.refresh();
  }

  end(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  dispose(): void {
    for (const id of [...this.#timers.keys()]) this.end(id);
  }
}
