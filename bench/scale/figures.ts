/** What is measured, and all that the simulation knows of the software. Kept as JSON between the two. */
export type ScaleFigures = {
  /** Machine, versions and date: one item a line. */
  readonly environment: string;
  /** Real workers on this machine. */
  readonly runs: readonly ScaleRun[];
  /** The recording that was sent: its length, and its size as it was sent. */
  readonly recording: { readonly seconds: number; readonly bytes: number };
  /** CHUNK_SECONDS and CHUNK_OVERLAP_SECONDS of the runs. */
  readonly chunkSeconds: number;
  readonly overlapSeconds: number;
  /** Cutting it into chunks in one process that does nothing else: decoding, finding pauses, writing FLAC. */
  readonly cut: { readonly seconds: number; readonly chunks: number; readonly flacBytes: number };
  readonly redis: RedisSpeed;
};

/** One recording, worked through by so many workers. */
export type ScaleRun = {
  readonly workers: number;
  /** Where the workers ran, in words. */
  readonly pinning: string;
  /** From sending the recording until the job has its final status. */
  readonly seconds: number;
  /** Until the gateway had taken it. */
  readonly uploadSeconds: number;
  /** From the end of the last chunk until the final status: handing over, reading results, putting them together. */
  readonly mergeSeconds: number;
  readonly chunks: readonly MeasuredChunk[];
  readonly redis: RedisUse;
  /** What the store of shared files held, by kind; bytes. */
  readonly stored: Readonly<Record<StoredKind, number>>;
  /** Of the transcript: all runs give the same. */
  readonly transcriptHash: string;
};

export type MeasuredChunk = {
  /** Of the recording that no other chunk counts. */
  readonly audioSeconds: number;
  /** From reading its audio to having kept its result. */
  readonly workSeconds: number;
};

export const STORED_KINDS = ['recording', 'audio', 'results', 'transcript'] as const;
export type StoredKind = (typeof STORED_KINDS)[number];

/** What was asked of Redis between two moments. */
export type RedisUse = {
  /** Commands, those inside scripts included. */
  readonly commands: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly cpuSeconds: number;
  /** By name, most first. */
  readonly byName: Readonly<Record<string, number>>;
};

export type RedisSpeed = {
  /** Commands a second that this machine's Redis answered to many connections at once. */
  readonly commandsPerSecond: number;
  /** What one worker without work asks in a second. */
  readonly idleCommandsPerSecond: number;
};
