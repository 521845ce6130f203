import type { Logger } from '#utils/logging/logger.js';
import { isFinal } from '../types.js';
import type { JobFiles } from './job-files.js';
import type { JobState } from './job-state.js';
import { OrphanSweep, type OrphanSweepOptions } from './orphan-sweep.js';
import type { JobQueues } from './queues.js';

export type HousekeepingOptions = {
  readonly state: JobState;
  readonly files: JobFiles;
  readonly queues: JobQueues;
  /** Files of kept transcripts that nobody knows. */
  readonly unknownResults: OrphanSweepOptions;
  /** 0 keeps jobs for ever. */
  readonly retentionHours: number;
  readonly logger: Logger;
  /** Removes everything about a job. */
  readonly forget: (id: string) => Promise<void>;
  /** Lets somebody look for webhooks that are to be told. */
  readonly remind: () => void;
};

const EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;
const AT_ONCE = 100;

/**
 * Now and every minute: queues jobs that a gateway made and could not queue, removes those whose time is over, and files
 * that belong to no job. Any number of gateways may do so at the same time. @returns What ends it; it resolves when
 * nothing is under way.
 */
export function startHousekeeping(options: HousekeepingOptions): () => Promise<void> {
  const sweeps = [
    new OrphanSweep({ find: () => ownerless(options), remove: (id) => options.files.remove(id) }),
    new OrphanSweep(options.unknownResults),
  ];
  let isClosed = false;
  const clean = async (): Promise<void> => {
    options.remind();
    const swept = sweeps.map((each) => () => each.sweep());
    const steps = [() => queueLost(options), () => removeOld(options), ...swept];
    for (const step of steps) {
      if (isClosed) return;
      await step().catch((error: unknown) => {
        if (!isClosed)
          options.logger.warn('Jobs could not be tidied up; it is tried again', { error });
      });
    }
  };
  let cleaning = clean();
  const timer = setInterval(() => {
    cleaning = cleaning.then(clean);
  }, EVERY_MS);
  timer.unref();
  return () => {
    isClosed = true;
    clearInterval(timer);
    return cleaning;
  };
}

async function queueLost({ state, queues }: HousekeepingOptions): Promise<void> {
  for (const id of await state.open()) {
    if (await queues.hasJob(id)) continue;
    const job = await state.find(id);
    // It may have ended between the two questions.
    if (job !== undefined && !isFinal(job.status)) await queues.addJob(id, job.turn);
  }
}

/** Ids of jobs that are not there and have files. */
async function ownerless({ state, files }: HousekeepingOptions): Promise<string[]> {
  const found: string[] = [];
  for (const id of await files.ids()) if ((await state.statusOf(id)) === undefined) found.push(id);
  return found;
}

async function removeOld({ state, retentionHours, forget }: HousekeepingOptions): Promise<void> {
  if (retentionHours === 0) return;
  for (;;) {
    const time = (await state.now()) - retentionHours * HOUR_MS;
    const old = await state.endedBefore(time, AT_ONCE);
    for (const id of old) await forget(id);
    if (old.length < AT_ONCE) return;
  }
}
