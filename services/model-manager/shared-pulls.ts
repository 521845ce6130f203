import type { ModelStore, PullNotice, PullProgress } from './store-types.js';

/** What whoever waits for a pull is told. */
export type PullEvent =
  | ({ readonly type: 'progress' } & PullProgress)
  | ({ readonly type: 'notice' } & PullNotice)
  /** Another model, or another process, is fetching into the same folder: this one waits for it. */
  | { readonly type: 'waiting' };

type Listener = (event: PullEvent) => void;

type Pull = {
  readonly done: Promise<void>;
  readonly listeners: Set<Listener>;
  readonly cancel: (reason: unknown) => void;
  /** What those who come later are told first: every notice, and how far each file is. */
  readonly told: Map<string, PullEvent>;
};

/** Pulls of one server: whoever asks for a model that is being fetched already waits for the same pull. */
export class SharedPulls {
  readonly #store: Pick<ModelStore, 'pull'>;
  readonly #pulls = new Map<string, Pull>();

  constructor(store: Pick<ModelStore, 'pull'>) {
    this.#store = store;
  }

  /**
   * Fetches a model and what it requires. The pull ends when nobody waits for it any more.
   *
   * @throws as `ModelStore.pull`; `signal.reason` when that aborts.
   */
  async pull(
    id: string,
    { signal, onEvent }: { readonly signal: AbortSignal; readonly onEvent: Listener },
  ): Promise<void> {
    signal.throwIfAborted();
    const pull = this.#pulls.get(id) ?? this.#start(id);
    for (const event of pull.told.values()) onEvent(event);
    pull.listeners.add(onEvent);
    let leave = (): void => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      await Promise.race([pull.done, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      pull.listeners.delete(onEvent);
      if (pull.listeners.size === 0) {
        // The next one who asks starts anew, also while this one is still being ended.
        if (this.#pulls.get(id) === pull) this.#pulls.delete(id);
        pull.cancel(signal.reason);
      }
    }
  }

  #start(id: string): Pull {
    const cancel = new AbortController();
    const listeners = new Set<Listener>();
    const told = new Map<string, PullEvent>();
    const tell = (event: PullEvent): void => {
      told.set(keyOf(event), event);
      for (const listener of [...listeners]) listener(event);
    };
    const done = this.#store.pull(id, {
      signal: cancel.signal,
      onProgress: (progress) => tell({ type: 'progress', ...progress }),
      onNotice: (notice) => tell({ type: 'notice', ...notice }),
      onWait: () => tell({ type: 'waiting' }),
    });
    // Whoever waits hears of it; when nobody does, it was cancelled.
    done.catch(() => {});
    const pull: Pull = { done, listeners, told, cancel: (reason) => cancel.abort(reason) };
    this.#pulls.set(id, pull);
    return pull;
  }
}

function keyOf(event: PullEvent): string {
  if (event.type === 'waiting') return event.type;
  return `${event.type} ${event.modelId} ${event.type === 'progress' ? event.file : ''}`;
}
