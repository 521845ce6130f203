import { seededRandom } from '../../support/random.js';
import type { ScaleFigures } from '../figures.js';
import type { Plant } from './plant.js';

/** What is not measured but assumed. */
export type Assumptions = {
  /** Length of each recording. */
  readonly jobSeconds: number;
  /** CHUNK_SECONDS; the overlap is that of the measurement. */
  readonly chunkSeconds: number;
  /** Line of the store of shared files, and that of each machine. */
  readonly storeBytesPerSecond: number;
  readonly linkBytesPerSecond: number;
  readonly gateways: number;
  /** Of all that is drawn. */
  readonly seed: number;
};

/** What a second of audio costs in each place; measured. */
export type Costs = {
  /** Seconds of a worker for a second of audio, of each chunk that was measured. */
  readonly workSeconds: readonly number[];
  readonly cutSeconds: number;
  readonly mergeSeconds: number;
  readonly gatewaySeconds: number;
  readonly redisCommands: number;
  readonly recordingBytes: number;
  readonly chunkBytes: number;
  readonly resultBytes: number;
};

/**
 * Takes the costs from what was measured: the times of chunks from the run with the fewest workers, where they disturb each
 * other least; of all else the highest of the runs. All grow with the length of the audio. Of Redis that is more than it
 * takes, as longer chunks are fewer.
 */
export function costsOf({ runs, recording, cut }: ScaleFigures): Costs {
  const fewest = runs.reduce((one, other) => (other.workers < one.workers ? other : one));
  const { seconds } = recording;
  const most = (cost: (run: ScaleFigures['runs'][number]) => number): number =>
    Math.max(...runs.map(cost)) / seconds;
  // The last chunk may be so short that what each chunk costs besides its length shows most.
  const longest = Math.max(...fewest.chunks.map(({ audioSeconds }) => audioSeconds));
  const whole = fewest.chunks.filter(({ audioSeconds }) => audioSeconds >= longest / 2);
  return {
    workSeconds: whole.map(({ audioSeconds, workSeconds }) => workSeconds / audioSeconds),
    cutSeconds: cut.seconds / seconds,
    mergeSeconds: most((run) => run.mergeSeconds),
    gatewaySeconds: most((run) => run.uploadSeconds),
    redisCommands: most((run) => run.redis.commands),
    recordingBytes: recording.bytes / seconds,
    chunkBytes: cut.flacBytes / seconds,
    resultBytes: most((run) => run.stored.results + run.stored.transcript),
  };
}

/** So many workers, each as the measured one, with recordings enough to see what flows. */
export function plantOf(
  figures: ScaleFigures,
  { workers, jobs, ...assumed }: Assumptions & { workers: number; jobs: number },
): Plant {
  const { jobSeconds, chunkSeconds, storeBytesPerSecond, linkBytesPerSecond, seed } = assumed;
  const costs = costsOf(figures);
  const step = chunkSeconds - figures.overlapSeconds;
  const chunksPerJob = Math.max(1, Math.ceil((jobSeconds - figures.overlapSeconds) / step));
  const chunkAudioSeconds = jobSeconds / chunksPerJob;
  const redisSeconds = redisSecondsPerCommand(figures, workers) * costs.redisCommands;
  return {
    ...{ workers, jobs, chunksPerJob, chunkAudioSeconds, linkBytesPerSecond },
    drawWorkSeconds: workDrawer(costs, {
      chunkAudioSeconds,
      // A longer chunk is as many of the measured ones as fit in.
      draws: Math.max(1, Math.round(chunkSeconds / figures.chunkSeconds)),
      seed,
    }),
    cutSecondsPerChunk: costs.cutSeconds * chunkAudioSeconds,
    mergeSecondsPerJob: costs.mergeSeconds * jobSeconds,
    gateways: { count: assumed.gateways, secondsPerJob: costs.gatewaySeconds * jobSeconds },
    redis: { secondsPerChunk: redisSeconds * chunkAudioSeconds, secondsPerJob: 0 },
    store: {
      bytesPerSecond: storeBytesPerSecond,
      recordingBytes: costs.recordingBytes * jobSeconds,
      chunkBytes: costs.chunkBytes * chunkAudioSeconds,
      resultBytes: costs.resultBytes * chunkAudioSeconds,
    },
  };
}

/** What is left of Redis when workers have asked whether there is something to do, shared among the commands of work. */
export function redisSecondsPerCommand({ redis }: ScaleFigures, workers: number): number {
  const left = redis.commandsPerSecond - workers * redis.idleCommandsPerSecond;
  return left > 0 ? 1 / left : Number.POSITIVE_INFINITY;
}

function workDrawer(
  { workSeconds }: Costs,
  { chunkAudioSeconds, draws, seed }: { chunkAudioSeconds: number; draws: number; seed: number },
): () => number {
  const random = seededRandom(seed);
  return () => {
    let sum = 0;
    for (let draw = 0; draw < draws; draw += 1)
      sum += workSeconds[Math.floor(random() * workSeconds.length)] ?? Number.NaN;
    return (sum / draws) * chunkAudioSeconds;
  };
}
