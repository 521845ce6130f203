/** How long the server waits for others before it goes on without them. */
export type Timings = {
  /** For the first event of a recording that has its turn, before a stream is opened for it. */
  readonly firstEventMs: number;
  /** For a client that reads a stream to take another byte. */
  readonly stalledReaderMs: number;
  /** For a client that uploads to send another byte. */
  readonly stalledUploadMs: number;
  /** Over which an upload has to come at a rate that is one. */
  readonly slowUploadMs: number;
  /** For a client to send the headers of a request. */
  readonly headersMs: number;
  /** For Redis to count a request. */
  readonly redisCommandMs: number;
  /** Between two questions whether the client of a WebSocket is still there; it has until the next one. */
  readonly realtimePingMs: number;
  /** For what was sent to a realtime session to be transcribed, and for its client to close, when the session ends. */
  readonly realtimeEndMs: number;
};

export const defaultTimings: Timings = {
  // A file that cannot be decoded shows within that time as a rule; its answer then has a status of its own.
  firstEventMs: 2000,
  // Whoever is paused for longer has been forgotten, and keeps a place that others wait for.
  stalledReaderMs: 300_000,
  stalledUploadMs: 300_000,
  // Long pauses of who records while sending are no reason: of music, or of silence that is hardly anything encoded.
  slowUploadMs: 300_000,
  // Headers are small: who takes longer is stuck or hostile. Must be above the keep-alive time.
  headersMs: 80_000,
  // Requests wait for their count, so a Redis that hangs must not be waited for long.
  redisCommandMs: 500,
  realtimePingMs: 20_000,
  realtimeEndMs: 20_000,
};
