import { copyFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Job, NewJob } from '#services/jobs/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../../app-deps.js';
import { toCatalogued } from '../../middleware/error-mapping.js';
import type { ReceivedFile } from '../../middleware/received-parts.js';
import type { JobPlan } from './job-plan.js';

/** What became of one recording of a batch. */
export type Made =
  | { readonly job: Job; readonly isNew: boolean }
  | { readonly error: WhosaidError };

/** What the jobs of a batch have in common. */
export type BatchOfJobs = {
  readonly deps: Pick<AppDeps, 'jobs' | 'jobUploads'>;
  readonly owner: string;
  readonly id: string;
  /** Folder with the recordings and the voices. */
  readonly folder: string;
  readonly plan: Pick<JobPlan, 'work' | 'heard' | 'rendering' | 'webhookUrl'>;
  readonly signal: AbortSignal;
  /** Of each recording, where the request had an idempotency key. */
  readonly idempotency: (index: number) => Pick<NewJob, 'idempotency'>;
};

/**
 * Makes a job of each recording, one after another, so that they wait in the order in which they were sent. Throws
 * `idempotency_conflict`, and the first error where none was made.
 */
export async function makeJobs(
  files: readonly ReceivedFile[],
  batch: BatchOfJobs,
): Promise<Made[]> {
  const made: Made[] = [];
  for (const [index, file] of files.entries()) {
    try {
      made.push(await makeJob(file, { batch, index }));
    } catch (thrown) {
      const error = toCatalogued(thrown);
      // It says of the whole request that it is another one.
      if (error.key === 'idempotency_conflict') throw error;
      made.push({ error });
    }
  }
  const [first] = made;
  if (first && made.every((one) => 'error' in one)) throw (first as { error: WhosaidError }).error;
  return made;
}

async function makeJob(
  { path, bytes, name }: ReceivedFile,
  { batch, index }: { readonly batch: BatchOfJobs; readonly index: number },
): Promise<Made> {
  const { deps, owner, id, plan } = batch;
  if (bytes === 0) throw new WhosaidError('audio_empty');
  const folder = await deps.jobUploads.folder();
  try {
    const file = basename(path);
    const heard = await plan.heard({ path, signal: batch.signal, isOneOfMany: true });
    await rename(path, join(folder.path, file));
    for (const voice of plan.work.speakers?.known ?? []) {
      await copyFile(join(batch.folder, voice.file), join(folder.path, voice.file));
    }
    return await deps.jobs.create({
      owner,
      fileName: name,
      folder: folder.path,
      file,
      bytes,
      work: { ...plan.work, ...heard },
      rendering: plan.rendering,
      batchId: id,
      ...(plan.webhookUrl !== undefined && { webhookUrl: plan.webhookUrl }),
      ...batch.idempotency(index),
    });
  } finally {
    // A job has taken it away.
    await folder.remove();
  }
}
