/**
 * A request's time is counted in so many parts: while this process stood still, or its machine slept, one part passes at
 * most. Nobody is to blame for that time, and what was answered in it is still to be read.
 */
const PARTS = 10;

type Watch = { partsLeft: number; readonly timer: NodeJS.Timeout };

/** Limits the time in which a request must get somewhere. */
export class StallWatch {
  readonly #stallMs: number;
  readonly #onStall: () => void;
  readonly #watches = new Map<number, Watch>();

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
    const partMs = (this.#stallMs + allowanceSeconds * 1000) / PARTS;
    const timer = setInterval(() => this.#pass(id), partMs);
    timer.unref();
    this.#watches.set(id, { partsLeft: PARTS, timer });
  }

  /** The request got somewhere: its time begins anew. */
  progress(id: number): void {
    const watch = this.#watches.get(id);
    if (!watch) return;
    watch.partsLeft = PARTS;
    watch.timer.refresh();
  }

  end(id: number): void {
    clearInterval(this.#watches.get(id)?.timer);
    this.#watches.delete(id);
  }

  dispose(): void {
    for (const id of [...this.#watches.keys()]) this.end(id);
  }

  #pass(id: number): void {
    const watch = this.#watches.get(id);
    if (!watch) return;
    watch.partsLeft -= 1;
    if (watch.partsLeft > 0) return;
    this.end(id);
    this.#onStall();
  }
}
