import { join } from 'node:path';
import { SAMPLE_RATE } from '#services/audio/pcm.js';
import type { AudioDecoder } from '#services/audio/types.js';
import { transcribeChunk } from '#services/transcription/transcribe-chunk.js';
import { ChunkPiece } from './chunk-piece.js';
import { JobGoneError } from './job-gone-error.js';
import type { StoredJob } from './job-hash.js';
import type { QueuedChunk } from './queues.js';
import { checkStarts } from './starts.js';
import type { SharedDeps, WorkDeps } from './work-deps.js';

type Deps = WorkDeps & SharedDeps;

/** Progress is told no more often. */
const TELL_EVERY_MS = 1000;

/**
 * Works through a chunk and keeps what comes of it. One whose result is there already is done: nothing happens.
 *
 * @throws What the decoder and the engines throw; JobGoneError; `signal.reason`
 */
export async function workOnChunk(
  { id, place, turn }: QueuedChunk,
  signal: AbortSignal,
  deps: Deps,
): Promise<void> {
  const { state, files, logger } = deps;
  const piece = new ChunkPiece(place);
  checkStarts(await state.start(id, { piece: piece.name, turn }));
  if (!(await files.hasResult(id, piece))) {
    const job = await state.find(id);
    if (job === undefined) throw new JobGoneError();
    const startedMs = performance.now();
    const result = await transcribe({ job, piece, signal }, deps);
    await files.putResult(id, piece, result);
    deps.onChunk?.({
      model: job.work.model,
      audioSeconds: piece.ownSeconds(place.end),
      workSeconds: (performance.now() - startedMs) / 1000,
      speakers: job.work.speakers !== undefined,
    });
    logger.debug('A chunk of a job is done', { jobId: id, chunk: piece.name });
  }
  const seconds = piece.ownSeconds(place.end);
  if (!(await state.advance(id, { piece: piece.name, seconds, isDone: true })))
    throw new JobGoneError();
}

async function transcribe(
  { job, piece, signal: outer }: { job: StoredJob; piece: ChunkPiece; signal: AbortSignal },
  deps: Deps,
) {
  const { model, recognition, speakers } = job.work;
  const { vad, ...hints } = recognition;
  const gone = new AbortController();
  const signal = AbortSignal.any([outer, gone.signal]);
  const folder = await deps.temp.folder();
  try {
    const path = join(folder.path, 'chunk.flac');
    await deps.files.fetchAudio(job.id, { name: piece.name, path });
    return await transcribeChunk(
      {
        place: piece.place,
        blocks: firstSamples(deps.decoder.decode(path, { signal }), piece.samples),
        ...{ hints, vad, signal },
        hasSpeakers: speakers !== undefined,
        onProgress: progressTeller(
          { job, piece, onGone: () => gone.abort(new JobGoneError()) },
          deps,
        ),
      },
      { speech: deps.speech(model), speakers: deps.speakers() },
    );
  } finally {
    await folder.remove();
  }
}

/** What the encoder put behind the samples is left out. */
async function* firstSamples(
  blocks: ReturnType<AudioDecoder['decode']>,
  samples: number,
): AsyncGenerator<Int16Array, void, void> {
  let left = samples;
  for await (const block of blocks) {
    if (left > 0) yield block.subarray(0, left);
    left -= block.length;
  }
  if (left > 0)
    throw new Error(`A chunk is ${left / SAMPLE_RATE} s shorter than it was before it was stored.`);
}

/** Tells progress now and then, one message at a time; hears by it whether anybody wants the chunk any more. */
function progressTeller(
  { job, piece, onGone }: { job: StoredJob; piece: ChunkPiece; onGone: () => void },
  { state }: Pick<SharedDeps, 'state'>,
): (seconds: number) => void {
  let isTelling = false;
  let toldMs = Number.NEGATIVE_INFINITY;
  return (reached) => {
    if (isTelling || performance.now() - toldMs < TELL_EVERY_MS) return;
    isTelling = true;
    toldMs = performance.now();
    const progress = { piece: piece.name, seconds: piece.ownSeconds(reached), isDone: false };
    state
      .advance(job.id, progress)
      .then((isWanted) => isWanted || onGone())
      // Whoever stops closes the connection.
      .catch(() => {})
      .finally(() => {
        isTelling = false;
      });
  };
}
