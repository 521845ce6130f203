import type { ScaleFigures } from '../figures.js';
import { type Assumptions, plantOf } from './costs.js';
import { type Outcome, RESOURCES, type Resource } from './plant.js';
import { simulate } from './simulate.js';

export type Sweep = {
  readonly workers: number;
  readonly outcome: Outcome;
  /** Audio seconds a second against those of one worker. */
  readonly speedUp: number;
  readonly bottleneck: Resource;
};

export type Latency = { readonly workers: number; readonly seconds: number };

/** Chunks for each worker: enough that beginning and end do not count. */
const CHUNKS_EACH = 40;
const LEAST_CHUNKS = 1000;

/** What so many workers do of an endless flow of recordings. */
export function sweep(
  figures: ScaleFigures,
  { counts, ...assumed }: Assumptions & { counts: readonly number[] },
): Sweep[] {
  const one = flow(figures, { ...assumed, workers: 1 });
  return counts.map((workers) => {
    const outcome = workers === 1 ? one : flow(figures, { ...assumed, workers });
    return {
      workers,
      outcome,
      speedUp: outcome.throughput / one.throughput,
      bottleneck: bottleneckOf(outcome),
    };
  });
}

/** How long a single recording takes so many workers that have nothing else to do. */
export function latencies(
  figures: ScaleFigures,
  { counts, ...assumed }: Assumptions & { counts: readonly number[] },
): Latency[] {
  return counts.map((workers) => ({
    workers,
    seconds: simulate(plantOf(figures, { ...assumed, workers, jobs: 1 })).seconds,
  }));
}

/** What is busiest. */
export function bottleneckOf({ busy }: Pick<Outcome, 'busy'>): Resource {
  return RESOURCES.reduce((one, other) => (busy[other] > busy[one] ? other : one));
}

function flow(figures: ScaleFigures, options: Assumptions & { workers: number }): Outcome {
  const { chunksPerJob } = plantOf(figures, { ...options, jobs: 1 });
  const chunks = Math.max(LEAST_CHUNKS, CHUNKS_EACH * options.workers);
  return simulate(plantOf(figures, { ...options, jobs: Math.ceil(chunks / chunksPerJob) }));
}
