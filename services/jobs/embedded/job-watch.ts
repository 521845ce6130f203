import { Pulse } from '#services/transcription/pulse.js';
import type { JobDatabase } from '../store/job-database.js';
import { isFinal, type JobEvent } from '../types.js';

/** Events that are read at once. */
const PAGE = 500;
/** Another process, such as `whosaid data purge`, may change what is stored: it is looked at this often at the least. */
const LOOK_AGAIN_MS = 5000;

type Watched = { readonly pulse: Pulse; watchers: number };

/** Tells those who follow jobs when there is something new in the database. */
export class JobWatch {
  readonly #watched = new Map<string, Watched>();

  /** Something was stored about this job. */
  happen(id: string): void {
    this.#watched.get(id)?.pulse.happen();
  }

  /** Lets everybody look again. */
  close(): void {
    for (const { pulse } of this.#watched.values()) pulse.happen();
  }

  /** All events after one, until the job is final or gone and all is told, or until the signal aborts. */
  async *follow(
    id: string,
    options: { after: number; signal: AbortSignal; database: JobDatabase },
  ): AsyncGenerator<JobEvent, void, void> {
    const { signal, database } = options;
    const watched = this.#enter(id);
    let { after } = options;
    try {
      while (!signal.aborted) {
        const next = watched.pulse.wait();
        // In this order: what a job says last is stored together with its final status.
        const job = database.find(id);
        const events = database.events(id, { after, limit: PAGE });
        after = events.at(-1)?.seq ?? after;
        yield* events;
        if (events.length === PAGE) continue;
        if (job === undefined || isFinal(job.status)) return;
        await this.#either(next, signal);
      }
    } finally {
      this.#leave(id, watched);
    }
  }

  #enter(id: string): Watched {
    const watched = this.#watched.get(id) ?? { pulse: new Pulse(), watchers: 0 };
    watched.watchers += 1;
    this.#watched.set(id, watched);
    return watched;
  }

  #leave(id: string, watched: Watched): void {
    watched.watchers -= 1;
    if (watched.watchers === 0) this.#watched.delete(id);
  }

  async #either(next: Promise<void>, signal: AbortSignal): Promise<void> {
    let settle = (): void => {};
    const ended = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const timer = setTimeout(settle, LOOK_AGAIN_MS);
    signal.addEventListener('abort', settle, { once: true });
    await Promise.race([next, ended]);
    clearTimeout(timer);
    signal.removeEventListener('abort', settle);
  }
}
