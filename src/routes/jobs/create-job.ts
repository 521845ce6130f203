import { basename } from 'node:path';
import type { Request, RequestHandler, Response } from 'express';
import { sha256OfFile } from '#services/files/sha256.js';
import type { Job, NewJob } from '#services/jobs/types.js';
import type { AppDeps } from '../../app-deps.js';
import { requestSignals } from '../../middleware/disconnect.js';
import { ownerOf } from '../../middleware/owner-of.js';
import { contextOf } from '../../middleware/request-context.js';
import { withUpload } from '../../middleware/upload.js';
import { fingerprintOf, idempotency, idempotencyKeyOf } from './idempotency.js';
import { jobLinks, jobObject } from './job-object.js';
import { planJob } from './job-plan.js';
import { newRecording } from './new-recording.js';
import { refuseWhenFull } from './refuse-when-full.js';

/** `POST /audio/jobs`: a recording in, a job out: 202, or 200 where the same request made it before. */
export function createJob(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const { job, isNew } = await receiveJob({ deps, request, response });
    response
      .status(isNew ? 202 : 200)
      .location(jobLinks(job.id).self)
      .json(jobObject(job, deps));
  };
}

export type ReceiveJobOptions = {
  readonly deps: AppDeps;
  readonly request: Request;
  readonly response: Response;
  /** Makes the fields of `POST /audio/jobs` of those that were sent. Default: they are those. */
  readonly translate?: (fields: Fields) => Promise<Fields>;
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * Receives a recording and makes a job of it. No seat is kept for its work; the recording is received like any other.
 * Rejects as `withUpload`, `planJob`, `newRecording` and `Jobs.create` do.
 */
export async function receiveJob(
  options: ReceiveJobOptions,
): Promise<{ readonly job: Job; readonly isNew: boolean }> {
  const { deps, request, response, translate = async (fields) => fields } = options;
  const { settings, jobs } = deps;
  const key = idempotencyKeyOf(request);
  await refuseWhenFull(request, deps);
  const { signal } = requestSignals({ response, stopping: deps.stopping });
  return withUpload({
    request,
    response,
    deps: { ...deps, temp: deps.jobUploads },
    async prepare({ fields, ...upload }) {
      const context = contextOf(request);
      const plan = await planJob({ deps, context, fields: await translate(fields), upload });
      const { url, work, rendering, webhookUrl } = plan;
      return async () => {
        const file = await newRecording({ upload, url, settings, signal });
        // What is fetched may have changed since; the address is among the fields.
        const content = url === undefined && key !== undefined ? [await hashOf(file, signal)] : [];
        const job: NewJob = {
          owner: ownerOf(request),
          fileName: file.name,
          folder: upload.folder,
          file: basename(file.path),
          bytes: file.bytes,
          work: { ...work, ...(await plan.heard({ path: file.path, signal })) },
          rendering,
          ...(webhookUrl !== undefined && { webhookUrl }),
          ...idempotency(key, fingerprintOf([plan.fingerprint, ...content])),
        };
        return jobs.create(job);
      };
    },
  });
}

function hashOf({ path }: { readonly path: string }, signal: AbortSignal): Promise<string> {
  return sha256OfFile(path, { signal });
}
