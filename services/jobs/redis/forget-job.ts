import { setTimeout as pause } from 'node:timers/promises';
import { isFinal } from '../types.js';
import type { JobFiles } from './job-files.js';
import type { JobState } from './job-state.js';
import type { JobQueues } from './queues.js';

/** Where a job is. */
export type JobPlaces = {
  readonly state: JobState;
  readonly files: JobFiles;
  readonly queues: JobQueues;
};

const OPEN = ['pending', 'processing'] as const;
/** Whoever works on a job that is cancelled hears of it at once, and lets go within so long; a dead one does not. */
const LET_GO_MS = 5000;
const LOOK_MS = 100;

/** Removes everything about a job. */
export async function forgetJob(id: string, { state, files, queues }: JobPlaces): Promise<void> {
  const job = await state.find(id);
  if (job !== undefined && !isFinal(job.status)) {
    // A Redis that is full takes no new status, but lets go of what it has: nobody is kept from making room.
    await state.settle(id, { from: OPEN, to: 'cancelled' }).catch(() => {});
    await letGoOf(id, queues);
  }
  await files.remove(id);
  await state.remove(id);
}

/** Resolves when nobody works on a job any more. */
export async function letGoOf(id: string, queues: JobQueues): Promise<void> {
  await queues.remove(id);
  const deadlineMs = performance.now() + LET_GO_MS;
  while (performance.now() < deadlineMs && (await queues.isInWork(id))) await pause(LOOK_MS);
}
