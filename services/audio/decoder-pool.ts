import { DecoderProcess } from './decoder-process.js';
import type { DecoderState } from './types.js';

/**
 * Gives out decoding children, one for each recording, and keeps at most one ready in advance: FFmpeg is loaded
 * before somebody waits for it. A ready child that dies is not missed until the next request.
 */
export class DecoderPool {
  readonly #warm: boolean;
  readonly #working = new Set<DecoderProcess>();
  #spare: DecoderProcess | undefined;
  #disposed = false;

  constructor(options: { readonly warm: boolean }) {
    this.#warm = options.warm;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  state(): DecoderState {
    const children = [...this.#working, ...(this.#spare?.usable ? [this.#spare] : [])];
    const pids = children.flatMap(({ pid }) => pid ?? []);
    return { working: this.#working.size, pids };
  }

  /** Starts the child that waits for the next request, unless there is one. Never throws: it is only a convenience. */
  prepare(): void {
    if (!this.#warm || this.#disposed || this.#spare?.usable) return;
    void this.#spare?.end();
    try {
      this.#spare = new DecoderProcess();
      this.#spare.keepAlive(false);
    } catch {
      this.#spare = undefined;
    }
  }

  /** A child for one recording; give it back with `release`. Throws Error if no process can be started. */
  take(): DecoderProcess {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined && !spare.usable) void spare.end();
    const child = spare?.usable ? spare : new DecoderProcess();
    child.keepAlive(true);
    this.#working.add(child);
    return child;
  }

  async release(child: DecoderProcess): Promise<void> {
    await child.end();
    this.#working.delete(child);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const children = [...this.#working, ...(this.#spare ? [this.#spare] : [])];
    this.#spare = undefined;
    await Promise.all(children.map((child) => child.end()));
  }
}
