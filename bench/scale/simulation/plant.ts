/** What is simulated: so many recordings, and who works on them. Seconds and bytes. */
export type Plant = {
  /** Workers, each of which does one thing at a time: it cuts, works through a chunk, or merges. */
  readonly workers: number;
  /** Recordings. They are sent as they are needed: there is always more to do than workers can do at once. */
  readonly jobs: number;
  readonly chunksPerJob: number;
  /** Of a recording that one chunk counts. */
  readonly chunkAudioSeconds: number;
  /** How long a worker takes for a chunk, drawn anew for each. */
  readonly drawWorkSeconds: () => number;
  readonly cutSecondsPerChunk: number;
  readonly mergeSecondsPerJob: number;
  readonly gateways: {
    readonly count: number;
    /** One gateway, taking one recording. */
    readonly secondsPerJob: number;
  };
  /** One Redis. */
  readonly redis: { readonly secondsPerChunk: number; readonly secondsPerJob: number };
  /** One store of shared files. What is written and read goes through the same line. */
  readonly store: {
    readonly bytesPerSecond: number;
    readonly recordingBytes: number;
    readonly chunkBytes: number;
    readonly resultBytes: number;
  };
  /** Line of each machine. */
  readonly linkBytesPerSecond: number;
};

/** No limits besides the workers. */
export const UNLIMITED = {
  cutSecondsPerChunk: 0,
  mergeSecondsPerJob: 0,
  gateways: { count: 1, secondsPerJob: 0 },
  redis: { secondsPerChunk: 0, secondsPerJob: 0 },
  store: {
    bytesPerSecond: Number.POSITIVE_INFINITY,
    recordingBytes: 0,
    chunkBytes: 0,
    resultBytes: 0,
  },
  linkBytesPerSecond: Number.POSITIVE_INFINITY,
} as const;

export const RESOURCES = ['workers', 'Redis', 'store', 'gateways'] as const;
export type Resource = (typeof RESOURCES)[number];

export type Outcome = {
  /** Audio seconds a second while everything flows: between a fifth and four fifths of all chunks. */
  readonly throughput: number;
  /** Until the last recording has its transcript. */
  readonly seconds: number;
  /** Share of that time in which each is busy, while everything flows: 1 is all it can. */
  readonly busy: Readonly<Record<Resource, number>>;
  /** Share of the workers' time that goes into cutting and into merging. */
  readonly cutting: number;
  readonly merging: number;
};
