import { BlobMissingError } from '#services/blobs/blob-error.js';
import type { ChunkResult } from '#services/transcription/chunk-result.js';
import { ChunkPiece } from './chunk-piece.js';
import { cutJob } from './cut-job.js';
import { JobGoneError } from './job-gone-error.js';
import { mergeJob } from './merge-job.js';
import type { QueuedJob } from './queues.js';
import { checkStarts } from './starts.js';
import type { SharedDeps, WorkDeps } from './work-deps.js';

/** Chunks that were queued again and are done before anybody has waited for them; more often, something else is wrong. */
const MOST_ROUNDS = 3;

export type WorkOnJobOptions = {
  readonly queued: QueuedJob;
  /** Keeps how far this run is, for the next one. */
  readonly save: (queued: QueuedJob) => Promise<void>;
  readonly signal: AbortSignal;
  /** Throws, having let go of the job until its chunks have ended; resolves where all have. */
  readonly awaitChunks: () => Promise<void>;
};

/**
 * Cuts a job into chunks, lets go of it while they are worked on, and puts their results together. What an earlier run has
 * done is not done again.
 *
 * @throws What the decoder and the engines throw; JobGoneError; `signal.reason`; what `awaitChunks` throws
 */
export async function workOnJob(
  { queued: earlier, save, signal, awaitChunks }: WorkOnJobOptions,
  deps: WorkDeps & SharedDeps,
): Promise<void> {
  const { state, files, queues } = deps;
  const { id } = earlier;
  const job = await state.find(id);
  if (job === undefined) throw new JobGoneError();
  checkStarts(await state.start(id, { piece: 'job', turn: job.turn }));
  const queued = earlier.isCut
    ? earlier
    : await cutJob({ job, queued: earlier, save, signal }, deps);
  if (queued === undefined) return;
  const { resultKey } = queued;
  const pieces = queued.chunks.map((stored) => new ChunkPiece(stored));
  for (let round = 1; ; round += 1) {
    await awaitChunks();
    const missing: ChunkPiece[] = [];
    for (const piece of pieces) {
      signal.throwIfAborted();
      if (!(await files.hasResult(id, piece))) missing.push(piece);
    }
    if (missing.length === 0) {
      const results = resultsOf({ id, pieces, signal }, deps);
      return mergeJob({ job, results, resultKey, signal }, deps);
    }
    if (round > MOST_ROUNDS) throw new BlobMissingError('Results of chunks are not there.');
    // The queue has forgotten some, by a Redis that was started from an older state.
    for (const piece of missing) {
      const turn = await state.nextTurn(id);
      await queues.addChunk({ id, place: piece.stored, turn }, piece.name);
    }
  }
}

/** One after the other, as they are asked for: those of a day need not all be there at once. */
async function* resultsOf(
  { id, pieces, signal }: { id: string; pieces: readonly ChunkPiece[]; signal: AbortSignal },
  { files }: Pick<SharedDeps, 'files'>,
): AsyncGenerator<ChunkResult, void, void> {
  for (const piece of pieces) {
    signal.throwIfAborted();
    const result = await files.result(id, piece);
    // It was there a moment ago: they are removed with their job.
    if (result === undefined) throw new JobGoneError();
    yield result;
  }
}
