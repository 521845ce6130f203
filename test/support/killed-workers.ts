import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '#services/jobs/types.js';
import type { Transcript } from '#utils/transcript/types.js';
import { conversation, type SharedJobs, WITH_SPEAKERS } from './shared-jobs.js';
import { chunksIn, startWorkerProcess, type WorkerProcess } from './worker-process.js';

const WORKERS = 3;
const LONGEST_LIFE_MS = 4000;

/** What became of a job whose workers were killed, and of the same recording in a life without accidents. */
export type KilledWorkers = {
  readonly job: Job;
  readonly transcript: Transcript | undefined;
  readonly undisturbed: Transcript;
  /** Every chunk that was done, as often as it was. */
  readonly done: readonly string[];
};

/** Has three workers work on one job, and kills one of them again and again, with SIGKILL, at a random moment. */
export async function killWorkersOften(
  shared: SharedJobs,
  { chunks, kills }: { readonly chunks: number; readonly kills: number },
): Promise<KilledWorkers> {
  const recording = conversation(chunks);
  const undisturbed = await shared.undisturbed(recording);
  const ref = await shared.create(recording, WITH_SPEAKERS);
  const start = (): Promise<WorkerProcess> =>
    startWorkerProcess(shared.env, ['--concurrency', '1']);
  const all: WorkerProcess[] = [];
  const living: WorkerProcess[] = [];
  const add = async (): Promise<void> => {
    const worker = await start();
    all.push(worker);
    living.push(worker);
  };
  try {
    await Promise.all(Array.from({ length: WORKERS }, add));
    for (let kill = 0; kill < kills; kill++) {
      await pause(Math.random() * LONGEST_LIFE_MS);
      const [victim] = living.splice(Math.floor(Math.random() * living.length), 1);
      victim?.signal('SIGKILL');
      await victim?.ended;
      await add();
    }
    const job = await shared.untilFinal(ref);
    const transcript = await shared.jobs.transcript(ref);
    return { job, transcript, undisturbed, done: all.flatMap((each) => chunksIn(each.output())) };
  } finally {
    await Promise.all(all.map((worker) => worker.close()));
  }
}
