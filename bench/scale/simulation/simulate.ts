import { EventQueue } from './event-queue.js';
import { Meters } from './meters.js';
import type { Outcome, Plant } from './plant.js';
import { Server } from './server.js';

type SimulatedJob = { cut: number; done: number; isFetched: boolean };

/** A worker cuts no more while so many chunks for each worker wait to be worked through. */
const AHEAD = 2;
/** Large files go piece by piece, so that small ones need not wait for all of them: lines are shared. */
const PIECE_BYTES = 10e6;

/**
 * Lets workers do recordings on a simulated clock: gateways take them, workers cut them into chunks, work through these and
 * merge what came of them; all share one Redis and one store, which serve in the order of arrival. The same for the same
 * draws.
 */
export function simulate(plant: Plant): Outcome {
  return new Simulation(plant).run();
}

class Simulation {
  readonly #plant: Plant;
  readonly #events = new EventQueue();
  readonly #redis = new Server(this.#events);
  readonly #store = new Server(this.#events);
  readonly #gateways: Server;
  readonly #meters: Meters;
  readonly #toCut: SimulatedJob[] = [];
  readonly #toMerge: SimulatedJob[] = [];
  /** Chunks by their job, first come, first served. */
  #waiting: SimulatedJob[] = [];
  #taken = 0;
  #sent = 0;
  #idle: number;

  constructor(plant: Plant) {
    this.#plant = plant;
    this.#idle = plant.workers;
    this.#gateways = new Server(this.#events, plant.gateways.count);
    this.#meters = new Meters({
      plant,
      busySeconds: () => ({
        Redis: this.#redis.busySeconds,
        store: this.#store.busySeconds,
        gateways: this.#gateways.busySeconds,
      }),
    });
  }

  run(): Outcome {
    const { workers, chunksPerJob, gateways } = this.#plant;
    const ahead = Math.ceil((AHEAD * workers) / chunksPerJob) + 2 * gateways.count;
    for (let job = 0; job < ahead; job += 1) this.#send();
    this.#events.run();
    return this.#meters.outcome(this.#events.now);
  }

  /** A client sends the next recording, if there is one. */
  #send(): void {
    const { jobs, gateways, redis, store } = this.#plant;
    if (this.#sent === jobs) return;
    this.#sent += 1;
    const job = { cut: 0, done: 0, isFetched: false };
    this.#gateways.serve(gateways.secondsPerJob, () =>
      this.#transfer(store.recordingBytes, () =>
        this.#redis.serve(redis.secondsPerJob / 2, () => {
          this.#toCut.push(job);
          this.#wake();
        }),
      ),
    );
  }

  /** Gives idle workers something to do, while there is something. */
  #wake(): void {
    while (this.#idle > 0) {
      const work = this.#next();
      if (work === undefined) return;
      this.#idle -= 1;
      work(() => {
        this.#idle += 1;
        this.#wake();
      });
    }
  }

  #next(): ((done: () => void) => void) | undefined {
    const merged = this.#toMerge.shift();
    if (merged) return (done) => this.#merge(done);
    if (this.#waiting.length - this.#taken < AHEAD * this.#plant.workers) {
      const job = this.#toCut.shift();
      if (job) return (done) => this.#cut(job, done);
    }
    const job = this.#waiting[this.#taken];
    if (job === undefined) return undefined;
    this.#taken += 1;
    if (this.#taken > 10_000) {
      this.#waiting = this.#waiting.slice(this.#taken);
      this.#taken = 0;
    }
    return (done) => this.#work(job, done);
  }

  /** The next chunk of a recording, which one worker cuts at a time. */
  #cut(job: SimulatedJob, done: () => void): void {
    const { cutSecondsPerChunk, store, chunksPerJob } = this.#plant;
    const cut = () =>
      this.#busy('cutting', cutSecondsPerChunk, () =>
        this.#transfer(store.chunkBytes, () => {
          job.cut += 1;
          this.#waiting.push(job);
          if (job.cut < chunksPerJob) this.#toCut.unshift(job);
          done();
        }),
      );
    if (job.isFetched) {
      cut();
      return;
    }
    job.isFetched = true;
    this.#send();
    this.#transfer(store.recordingBytes, cut);
  }

  #work(job: SimulatedJob, done: () => void): void {
    const { drawWorkSeconds, redis, store, chunksPerJob } = this.#plant;
    const asks = redis.secondsPerChunk / 2;
    this.#redis.serve(asks, () =>
      this.#transfer(store.chunkBytes, () =>
        this.#busy('working', drawWorkSeconds(), () =>
          this.#transfer(store.resultBytes, () =>
            this.#redis.serve(asks, () => {
              job.done += 1;
              this.#meters.chunkDone(this.#events.now);
              if (job.done === chunksPerJob) this.#toMerge.push(job);
              done();
            }),
          ),
        ),
      ),
    );
  }

  #merge(done: () => void): void {
    const { mergeSecondsPerJob, redis, store, chunksPerJob } = this.#plant;
    this.#transfer(store.resultBytes * chunksPerJob, () =>
      this.#busy('merging', mergeSecondsPerJob, () =>
        this.#redis.serve(redis.secondsPerJob / 2, done),
      ),
    );
  }

  #busy(what: 'cutting' | 'working' | 'merging', seconds: number, done: () => void): void {
    this.#meters.spent[what] += seconds;
    this.#events.at(this.#events.now + seconds, done);
  }

  /** Through the store's line, which all share, and that of the machine. */
  #transfer(bytes: number, done: () => void): void {
    const { store, linkBytesPerSecond } = this.#plant;
    const piece = Math.min(bytes, PIECE_BYTES);
    const ownSeconds = piece / linkBytesPerSecond;
    const next = () => (piece < bytes ? this.#transfer(bytes - piece, done) : done());
    this.#store.serve(piece / store.bytesPerSecond, () =>
      ownSeconds > 0 ? this.#events.at(this.#events.now + ownSeconds, next) : next(),
    );
  }
}
