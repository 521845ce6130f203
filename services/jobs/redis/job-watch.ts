import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { Pulse } from '#services/transcription/pulse.js';
import { isFinal, type JobEvent } from '../types.js';
import type { JobState } from './job-state.js';

/** Events that are read at once. */
const PAGE = 500;
/** A message may get lost while Redis is away: what is stored is looked at this often at the least. */
const LOOK_AGAIN_MS = 5000;
/** While Redis is away it is asked no more often. */
const AWAY_MS = 1000;

type Watched = { readonly pulse: Pulse; watchers: number };

export type JobWatchOptions = {
  readonly state: JobState;
  /** For messages alone. */
  readonly subscriber: Redis;
  /** Nobody wants this job any more. */
  readonly onCancelled: (id: string) => void;
  /** A webhook is to be told. */
  readonly onDue: () => void;
};

/** Hears what happens to jobs, on whatever machine. */
export class JobWatch {
  readonly #options: JobWatchOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: JobWatchOptions) {
    this.#options = options;
    const { subscriber, state, onCancelled, onDue } = options;
    const { cancelled, due, news } = state.keys;
    const prefix = news('');
    subscriber.on('message', (channel: string, message: string) => {
      if (channel === cancelled) onCancelled(message);
      else if (channel === due) onDue();
      else this.#watched.get(channel.slice(prefix.length))?.pulse.happen();
    });
  }

  /** Begins to listen; while Redis is away it goes on trying. Never rejects. */
  start(): void {
    const { subscriber, state } = this.#options;
    subscriber.subscribe(state.keys.cancelled, state.keys.due).catch(() => {});
  }

  /** Lets everybody look again. */
  close(): void {
    for (const { pulse } of this.#watched.values()) pulse.happen();
    this.#options.subscriber.disconnect();
  }

  /**
   * All events after one, until the job is final or gone and all is told, or until the signal aborts. While Redis is away
   * it waits.
   */
  async *follow(
    id: string,
    { after: first, signal }: { after: number; signal: AbortSignal },
  ): AsyncGenerator<JobEvent, void, void> {
    const watched = this.#enter(id);
    let after = first;
    try {
      while (!signal.aborted) {
        const next = watched.pulse.wait();
        const found = await this.#look(id, after);
        if (found === undefined) {
          await pause(AWAY_MS, undefined, { signal }).catch(() => {});
          continue;
        }
        after = found.events.at(-1)?.seq ?? after;
        yield* found.events;
        if (found.events.length === PAGE) continue;
        if (found.isOver) return;
        await either(next, signal);
      }
    } finally {
      this.#leave(id, watched);
    }
  }

  /** In this order: what a job says last is stored together with its final status. Undefined while Redis is away. */
  async #look(
    id: string,
    after: number,
  ): Promise<{ events: JobEvent[]; isOver: boolean } | undefined> {
    const { state } = this.#options;
    try {
      const status = await state.statusOf(id);
      const events = await state.events(id, { after, limit: PAGE });
      return { events, isOver: status === undefined || isFinal(status) };
    } catch {
      return undefined;
    }
  }

  #enter(id: string): Watched {
    const watched = this.#watched.get(id) ?? { pulse: new Pulse(), watchers: 0 };
    if (watched.watchers === 0) this.#listen('subscribe', id);
    watched.watchers += 1;
    this.#watched.set(id, watched);
    return watched;
  }

  #leave(id: string, watched: Watched): void {
    watched.watchers -= 1;
    if (watched.watchers > 0) return;
    this.#watched.delete(id);
    this.#listen('unsubscribe', id);
  }

  #listen(method: 'subscribe' | 'unsubscribe', id: string): void {
    const { subscriber, state } = this.#options;
    // Whoever follows looks now and then anyway.
    subscriber[method](state.keys.news(id)).catch(() => {});
  }
}

/** Until there is something new, it is time to look, or the signal aborts. */
async function either(next: Promise<void>, signal: AbortSignal): Promise<void> {
  const waited = new AbortController();
  const ends = AbortSignal.any([signal, waited.signal]);
  await Promise.race([next, pause(LOOK_AGAIN_MS, undefined, { signal: ends }).catch(() => {})]);
  waited.abort();
}
