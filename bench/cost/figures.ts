import type { ModelTimes } from '../peers/protocol.js';

/** What a piece of work cost. */
export type Cost = {
  /** Of all recordings together. */
  readonly audioSeconds: number;
  readonly wallSeconds: number;
  /** Of all processes. */
  readonly cpuSeconds: number;
  readonly cpuByProcess: readonly { readonly name: string; readonly seconds: number }[];
  /** Highest sum of all processes, shared pages once. */
  readonly peakBytes: number;
};

export type CostFigures = {
  readonly environment: string;
  /** Of all conversations but those of `people`. */
  readonly speakers: number;
  /** Words alone. */
  readonly words: Cost;
  /** What the models alone need for ten minutes with speakers. */
  readonly models: ModelTimes;
  /** Words with speakers, in order of the length. */
  readonly lengths: readonly Cost[];
  /** Ten minutes of conversations between so many people. */
  readonly people: readonly { readonly count: number; readonly cost: Cost }[];
  /** So many recordings of five minutes sent at once. */
  readonly atOnce: readonly { readonly count: number; readonly cost: Cost }[];
};
