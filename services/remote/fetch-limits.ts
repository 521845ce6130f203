/** How long a server that something is fetched from may take. */
export type FetchTimeouts = {
  /** From the request to the head of its answer, for each redirect anew. */
  readonly answerMs: number;
  /** Time in which at least `leastBytes` have to come. */
  readonly windowMs: number;
  readonly leastBytes: number;
  /** For everything. */
  readonly totalMs: number;
};

export const defaultFetchTimeouts: FetchTimeouts = {
  answerMs: 30_000,
  // A kilobyte a second is less than the slowest codec of speech: who sends less keeps a connection, not a recording.
  windowMs: 30_000,
  leastBytes: 30_000,
  // 20 GB at a megabyte a second.
  totalMs: 6 * 3_600_000,
};
