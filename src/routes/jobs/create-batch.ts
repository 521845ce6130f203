import { createHash, randomUUID } from 'node:crypto';
import { copyFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RequestHandler } from 'express';
import { sha256OfFile } from '#services/files/sha256.js';
import type { Job, NewJob } from '#services/jobs/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../../app-deps.js';
import { requestSignals } from '../../middleware/disconnect.js';
import { toCatalogued } from '../../middleware/error-mapping.js';
import { ownerOf } from '../../middleware/owner-of.js';
import type { ReceivedFile } from '../../middleware/received-parts.js';
import { contextOf } from '../../middleware/request-context.js';
import { withUpload } from '../../middleware/upload.js';
import { batchLinks } from './batch-object.js';
import { fingerprintOf, idempotency, idempotencyKeyOf } from './idempotency.js';
import { errorObject, jobObject } from './job-object.js';
import { type JobPlan, planJob } from './job-plan.js';

/** Recordings in one batch. */
export const MAX_BATCH_FILES = 1000;

/** What became of one recording of a batch. */
type Made = { readonly job: Job; readonly isNew: boolean } | { readonly error: WhosaidError };

/** What the jobs of a batch have in common. */
type BatchOfJobs = {
  readonly deps: AppDeps;
  readonly owner: string;
  readonly id: string;
  /** Folder with the recordings and the voices. */
  readonly folder: string;
  readonly plan: Pick<JobPlan, 'work' | 'rendering' | 'webhookUrl'>;
  /** Of each recording, where the request had an idempotency key. */
  readonly idempotency: (index: number) => Pick<NewJob, 'idempotency'>;
};

/**
 * `POST /audio/jobs/batch`: many recordings in, a job for each out. What is wrong with the fields is wrong for all and
 * makes none. A recording of which no job can be made keeps no other from becoming one: it is listed with its error,
 * unless it is so with all of them.
 */
export function createBatch(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const key = idempotencyKeyOf(request);
    const owner = ownerOf(request);
    const { signal } = requestSignals({ response, stopping: deps.stopping });
    const id = key === undefined ? randomUUID() : repeatableId([owner, key]);
    const { files, made } = await withUpload({
      request,
      response,
      deps: { ...deps, temp: deps.jobUploads },
      maxFiles: MAX_BATCH_FILES,
      async prepare({ fields, files, folder }) {
        if (files.length === 0) throw new WhosaidError('batch_empty');
        const context = contextOf(request);
        const plan = await planJob({ deps, context, fields, upload: { files, folder } });
        return async () => {
          const hashes = key === undefined ? [] : await hashesOf(files, signal);
          const fingerprint = fingerprintOf([plan.fingerprint, ...hashes]);
          const batch: BatchOfJobs = {
            deps,
            owner,
            id,
            folder,
            plan,
            // A line break, which no header has, keeps these apart from keys of single jobs.
            idempotency: (index) => idempotency(key && `batch\n${key}\n${index}`, fingerprint),
          };
          return { files, made: await makeJobs(files, batch) };
        };
      },
    });
    const isNew = made.some((one) => 'job' in one && one.isNew);
    response
      .status(isNew ? 202 : 200)
      .location(batchLinks(id).self)
      .json({
        id,
        object: 'transcription.batch',
        jobs: made.flatMap((one) => ('job' in one ? [jobObject(one.job, deps)] : [])),
        failed: made.flatMap((one, index) =>
          'error' in one
            ? [{ index, file_name: files[index]?.name ?? '', error: errorObject(one.error) }]
            : [],
        ),
        links: batchLinks(id),
      });
  };
}

/** One after another, so that they wait in the order in which they were sent. Throws where none was made. */
async function makeJobs(files: readonly ReceivedFile[], batch: BatchOfJobs): Promise<Made[]> {
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
      work: plan.work,
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

async function hashesOf(files: readonly ReceivedFile[], signal: AbortSignal): Promise<string[]> {
  const hashes: string[] = [];
  for (const { path } of files) hashes.push(await sha256OfFile(path, { signal }));
  return hashes;
}

/** The same id for the same request, so that what a broken one has made and what its repetition makes is one batch. */
function repeatableId(parts: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  // https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
