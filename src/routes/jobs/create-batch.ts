import { createHash, randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { sha256OfFile } from '#services/files/sha256.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../../app-deps.js';
import { requestSignals } from '../../middleware/disconnect.js';
import { ownerOf } from '../../middleware/owner-of.js';
import type { ReceivedFile } from '../../middleware/received-parts.js';
import { contextOf } from '../../middleware/request-context.js';
import { withUpload } from '../../middleware/upload.js';
import { batchLinks } from './batch-object.js';
import { fingerprintOf, idempotency, idempotencyKeyOf } from './idempotency.js';
import { errorObject, jobObject } from './job-object.js';
import { planJob } from './job-plan.js';
import { type Made, makeJobs } from './make-batch.js';
import { refuseWhenFull } from './refuse-when-full.js';

/** Recordings in one batch. */
export const MAX_BATCH_FILES = 1000;

type MadeBatch = {
  readonly id: string;
  /** In the order of the request, and what became of each. */
  readonly files: readonly ReceivedFile[];
  readonly made: readonly Made[];
};

/**
 * `POST /audio/jobs/batch`: many recordings in, a job for each out. What is wrong with the fields is wrong for all and
 * makes none. A recording of which no job can be made keeps no other from becoming one: it is listed with its error,
 * unless it is so with all of them.
 */
export function createBatch(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const batch = await receiveBatch(deps, request, response);
    const isNew = batch.made.some((one) => 'job' in one && one.isNew);
    response
      .status(isNew ? 202 : 200)
      .location(batchLinks(batch.id).self)
      .json(madeObject(batch, deps));
  };
}

async function receiveBatch(
  deps: AppDeps,
  request: Request,
  response: Response,
): Promise<MadeBatch> {
  const key = idempotencyKeyOf(request);
  await refuseWhenFull(request, deps);
  const owner = ownerOf(request);
  const { signal } = requestSignals({ response, stopping: deps.stopping });
  const id = key === undefined ? randomUUID() : repeatableId([owner, key]);
  return withUpload({
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
        const made = await makeJobs(files, {
          deps,
          owner,
          id,
          folder,
          plan,
          signal,
          // A line break, which no header has, keeps these apart from keys of single jobs.
          idempotency: (index) => idempotency(key && `batch\n${key}\n${index}`, fingerprint),
        });
        return { id, files, made };
      };
    },
  });
}

function madeObject({ id, files, made }: MadeBatch, deps: AppDeps) {
  return {
    id,
    object: 'transcription.batch',
    jobs: made.flatMap((one) => ('job' in one ? [jobObject(one.job, deps)] : [])),
    failed: made.flatMap((one, index) =>
      'error' in one
        ? [{ index, file_name: files[index]?.name ?? '', error: errorObject(one.error) }]
        : [],
    ),
    links: batchLinks(id),
  };
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
