import { join } from 'node:path';
import { enrolVoices } from '#services/diarization/enrol.js';
import { isFinal } from '../types.js';
import { ChunkPiece } from './chunk-piece.js';
import { type CutChunk, cutRecording } from './cut-recording.js';
import { finishJob } from './finish-job.js';
import { JobGoneError } from './job-gone-error.js';
import type { StoredJob } from './job-hash.js';
import { keptResult } from './kept-result.js';
import { pcmBlocks } from './pcm-blocks.js';
import type { QueuedJob } from './queues.js';
import { transcribePiece } from './transcribe-piece.js';
import type { SharedDeps, WorkDeps } from './work-deps.js';

type Deps = WorkDeps & SharedDeps;

export type CutJobOptions = {
  readonly job: StoredJob;
  /** How far an earlier run has come. */
  readonly queued: QueuedJob;
  /** Keeps how far this one is. */
  readonly save: (queued: QueuedJob) => Promise<void>;
  readonly signal: AbortSignal;
};

/** What one run has at hand. */
type Run = CutJobOptions & {
  /** Holds the recording and what comes of it. */
  readonly folder: string;
};

/**
 * Cuts a job's recording into chunks and queues them, from where an earlier run has come to: others work on the first
 * while the next ones are cut. @returns All chunks; undefined where the job has ended, with a transcript that was
 * kept.
 *
 * @throws What the decoder and the engines throw; JobGoneError; `signal.reason`
 */
export async function cutJob(options: CutJobOptions, deps: Deps): Promise<QueuedJob | undefined> {
  const { job } = options;
  const folder = await deps.temp.folder();
  const run = { ...options, folder: folder.path };
  try {
    await deps.files.fetchReceived(job.id, { ...job, folder: folder.path });
    let queued = await answerOfKept(run, deps);
    if (queued === undefined) return undefined;
    await enrol(run, deps);
    for (const channel of job.work.channels ? ([0, 1] as const) : [undefined])
      queued = await cutChannel({ ...run, queued }, channel, deps);
    queued = { ...queued, isCut: true };
    await options.save(queued);
    await tellLength(queued, deps);
    return queued;
  } finally {
    await folder.remove();
  }
}

/** Ends the job with what was made of the same recording before; otherwise it knows what to keep its transcript under. */
async function answerOfKept(run: Run, deps: Deps): Promise<QueuedJob | undefined> {
  const { job, queued, signal } = run;
  if (queued.resultKey !== undefined || queued.chunks.length > 0) return queued;
  const { key, transcript } = await keptResult(run, deps);
  if (transcript === undefined) return key === undefined ? queued : { ...queued, resultKey: key };
  await finishJob({ id: job.id, transcript, fromCache: true, signal }, deps);
  return undefined;
}

/** Before the recording is cut: who names somebody whose sample cannot be used hears of it at once. */
async function enrol({ job, folder, signal }: Run, deps: Deps): Promise<void> {
  const known = job.work.speakers?.known ?? [];
  if (known.length === 0 || (await deps.files.voices(job.id)) !== undefined) return;
  const samples = known.map(({ name, file }) => ({ name, path: join(folder, file) }));
  const voices = await enrolVoices(samples, {
    decoder: deps.decoder,
    speakers: deps.speakers(),
    signal,
  });
  await deps.files.putVoices(job.id, voices);
}

async function cutChannel(run: Run, channel: 0 | 1 | undefined, deps: Deps): Promise<QueuedJob> {
  const { job, folder, save, signal } = run;
  let { queued } = run;
  const last = queued.chunks.findLast((chunk) => chunk.channel === channel);
  const from = last && new ChunkPiece(last).next;
  if (last && !from) return queued;
  const onClaim = (seconds: number | undefined): void => {
    if (seconds === undefined || job.totalSeconds !== undefined || channel === 1) return;
    deps.state.setTotal(job.id, seconds).catch(() => {});
  };
  const options = {
    path: join(folder, job.file),
    model: job.work.model,
    ...(channel !== undefined && { channel }),
    ...{ from, folder, signal, onClaim },
  };
  for await (const chunk of cutRecording(options, deps)) {
    const { stored } = chunk.piece;
    const isAlone = queued.chunks.length === 0 && !chunk.piece.next && channel === undefined;
    if (isAlone) await transcribeHere(run, chunk, deps);
    else await handOut(run, chunk, deps);
    queued = { ...queued, chunks: [...queued.chunks, stored] };
    await save(queued);
  }
  return queued;
}

/** A recording of one chunk is done sooner than it is handed to somebody else. */
async function transcribeHere({ job, signal }: Run, { piece, pcm }: CutChunk, deps: Deps) {
  await tellLength({ id: job.id, chunks: [piece.stored] }, deps);
  await transcribePiece({ job, piece, signal, blocks: async () => pcmBlocks(pcm) }, deps);
}

async function handOut({ job, folder, signal }: Run, { piece, pcm }: CutChunk, deps: Deps) {
  const { state, files, queues, encoder } = deps;
  const { id } = job;
  const flac = join(folder, 'chunk.flac');
  await encoder.write({ pcm, flac }, { signal });
  await files.putAudio(id, piece.name, flac);
  const status = await state.statusOf(id);
  if (status === undefined || isFinal(status)) throw new JobGoneError();
  const turn = await state.nextTurn(id);
  await queues.addChunk({ id, place: piece.stored, turn }, piece.name);
}

async function tellLength(
  { id, chunks }: Pick<QueuedJob, 'id' | 'chunks'>,
  { state }: Deps,
): Promise<void> {
  await state.setTotal(id, Math.max(0, ...chunks.map(({ end }) => end)));
}
