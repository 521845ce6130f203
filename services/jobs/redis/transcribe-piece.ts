import { transcribeChunk } from '#services/transcription/transcribe-chunk.js';
import type { ChunkPiece } from './chunk-piece.js';
import { JobGoneError } from './job-gone-error.js';
import type { StoredJob } from './job-hash.js';
import type { SharedDeps, WorkDeps } from './work-deps.js';

export type TranscribePieceOptions = {
  readonly job: StoredJob;
  readonly piece: ChunkPiece;
  /** Opens its audio, exactly that of the chunk; ended when `ends` aborts. */
  readonly blocks: (ends: AbortSignal) => Promise<AsyncGenerator<Int16Array, unknown, void>>;
  readonly signal: AbortSignal;
};

type Deps = WorkDeps & Pick<SharedDeps, 'state' | 'files'>;

/** Progress is told no more often. */
const TELL_EVERY_MS = 1000;

/**
 * Works through a chunk and keeps what comes of it, unless that is there already; tells how far it is.
 * @throws What the blocks and the engines throw; JobGoneError; `signal.reason`
 */
export async function transcribePiece(options: TranscribePieceOptions, deps: Deps): Promise<void> {
  const { job, piece } = options;
  const { state, files, logger, onChunk } = deps;
  const seconds = piece.ownSeconds(piece.stored.end);
  if (!(await files.hasResult(job.id, piece))) {
    const startedMs = performance.now();
    await files.putResult(job.id, piece, await transcribe(options, deps));
    const work = { audioSeconds: seconds, workSeconds: (performance.now() - startedMs) / 1000 };
    logger.debug('A chunk of a job is done', { jobId: job.id, chunk: piece.name, ...work });
    onChunk?.({
      model: job.work.model,
      ...work,
      speakers: job.work.speakers !== undefined,
    });
  }
  if (!(await state.advance(job.id, { piece: piece.name, seconds, isDone: true })))
    throw new JobGoneError();
}

async function transcribe(
  { job, piece, blocks, signal: outer }: TranscribePieceOptions,
  deps: Deps,
) {
  const { model, recognition, speakers, enhance } = job.work;
  const { vad, spelling, ...hints } = recognition;
  const gone = new AbortController();
  const signal = AbortSignal.any([outer, gone.signal]);
  const onGone = (): void => gone.abort(new JobGoneError());
  return transcribeChunk(
    {
      place: piece.place,
      blocks: await blocks(signal),
      ...{ hints, vad, spelling, signal },
      hasSpeakers: speakers !== undefined,
      enhance,
      onProgress: progressTeller({ id: job.id, piece, onGone }, deps),
    },
    {
      speech: deps.speech(model),
      speakers: deps.speakers(),
      ...(deps.enhancer && { enhancer: deps.enhancer }),
    },
  );
}

/** Tells progress now and then, one message at a time; hears by it whether anybody wants the chunk any more. */
function progressTeller(
  { id, piece, onGone }: { id: string; piece: ChunkPiece; onGone: () => void },
  { state }: Pick<SharedDeps, 'state'>,
): (seconds: number) => void {
  let isTelling = false;
  let toldMs = Number.NEGATIVE_INFINITY;
  return (reached) => {
    if (isTelling || performance.now() - toldMs < TELL_EVERY_MS) return;
    isTelling = true;
    toldMs = performance.now();
    state
      .advance(id, { piece: piece.name, seconds: piece.ownSeconds(reached), isDone: false })
      .then((isWanted) => isWanted || onGone())
      // Whoever stops closes the connection.
      .catch(() => {})
      .finally(() => {
        isTelling = false;
      });
  };
}
