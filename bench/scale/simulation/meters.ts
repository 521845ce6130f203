import type { Outcome, Plant } from './plant.js';

type Spent = { cutting: number; working: number; merging: number };
type Shared = { readonly Redis: number; readonly store: number; readonly gateways: number };
type Reading = { readonly at: number; readonly shared: Shared; readonly spent: Spent };

/** Between these shares of all chunks everything flows: nobody waits for the first, or for the last. */
const FROM = 0.2;
const TO = 0.8;

/** Reads what has been done, and how long everybody was busy with it. */
export class Meters {
  /** Seconds of workers so far. */
  readonly spent: Spent = { cutting: 0, working: 0, merging: 0 };
  readonly #plant: Plant;
  readonly #busySeconds: () => Shared;
  readonly #chunks: number;
  #done = 0;
  #first: (Reading & { done: number }) | undefined;
  #last: (Reading & { done: number }) | undefined;

  constructor({ plant, busySeconds }: { plant: Plant; busySeconds: () => Shared }) {
    this.#plant = plant;
    this.#busySeconds = busySeconds;
    this.#chunks = plant.jobs * plant.chunksPerJob;
  }

  chunkDone(at: number): void {
    this.#done += 1;
    const reading = () => ({
      at,
      done: this.#done,
      shared: this.#busySeconds(),
      spent: { ...this.spent },
    });
    if (this.#first === undefined && this.#done >= FROM * this.#chunks) this.#first = reading();
    if (this.#last === undefined && this.#done >= TO * this.#chunks) this.#last = reading();
  }

  outcome(seconds: number): Outcome {
    const { workers, chunkAudioSeconds, gateways } = this.#plant;
    const [first, last] = [this.#first, this.#last];
    if (first === undefined || last === undefined) throw new Error('Nothing was simulated.');
    const span = last.at - first.at;
    const between = (read: (reading: Reading) => number): number =>
      (read(last) - read(first)) / span;
    const worked = between(({ spent }) => spent.cutting + spent.working + spent.merging);
    return {
      throughput: ((last.done - first.done) * chunkAudioSeconds) / span,
      seconds,
      busy: {
        workers: worked / workers,
        Redis: between(({ shared }) => shared.Redis),
        store: between(({ shared }) => shared.store),
        gateways: between(({ shared }) => shared.gateways) / gateways.count,
      },
      cutting: between(({ spent }) => spent.cutting) / workers,
      merging: between(({ spent }) => spent.merging) / workers,
    };
  }
}
