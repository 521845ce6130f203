import type { Request, Response } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Seat } from '../admission.js';
import type { AppDeps, AppSettings } from '../app-deps.js';
import type { Timings } from '../timings.js';
import { type Multipart, receiveMultipart } from './multipart.js';
import { contextOf } from './request-context.js';
import { timedSeat } from './timed-seat.js';
import { createUploadStorage } from './upload-storage.js';

export type UploadOptions<Result> = {
  readonly request: Request;
  readonly response: Response;
  readonly deps: Pick<AppDeps, 'admission' | 'temp'> & {
    readonly settings: Pick<AppSettings, 'maxUploadBytes'>;
    readonly timings: Pick<Timings, 'stalledUploadMs'>;
  };
  /** Name of the part with the recording. Default `file`. */
  readonly fileField?: string;
  /**
   * Reads the upload and gives the work. The work may wait for hours: of the fields, which may be many megabytes, it
   * keeps what it needs and no more.
   */
  readonly prepare: (upload: Multipart, seat: Seat) => Promise<() => Promise<Result>>;
};

/**
 * Receives a multipart upload into a temporary folder, does the work that `prepare` makes of it and removes the folder,
 * whatever happened, before the promise settles: by the time a client has its answer, nothing of its recording is left.
 * The request has its seat before any of the body is read.
 * Rejects with `file_missing`, `body_not_multipart`, `upload_too_large`, `server_busy`, or as `receiveMultipart`,
 * `prepare` and the work do.
 */
export async function withUpload<Result>(options: UploadOptions<Result>): Promise<Result> {
  const { request, deps, fileField = 'file' } = options;
  rejectEarly(request, { maxBytes: deps.settings.maxUploadBytes, fileField });
  const seat = timedSeat(deps.admission.enter(), contextOf(request));
  // https://www.rfc-editor.org/rfc/rfc9110#name-expect
  if (/^100-continue$/i.test(request.get('expect') ?? '')) options.response.writeContinue();
  try {
    return await inFolder(options, seat);
  } finally {
    seat.leave();
  }
}

async function inFolder<Result>(options: UploadOptions<Result>, seat: Seat): Promise<Result> {
  const { request, response, deps, fileField = 'file', prepare } = options;
  const folder = await deps.temp.folder();
  const storage = createUploadStorage({ folder: folder.path });
  // A function of its own, so that nobody has the fields while the work waits.
  const receive = async () => {
    const upload = await receiveMultipart({
      request,
      response,
      storage,
      folder: folder.path,
      fileField,
      maxBytes: deps.settings.maxUploadBytes,
      stalledMs: deps.timings.stalledUploadMs,
    });
    return prepare(upload, seat);
  };
  try {
    const work = await receive();
    return await work();
  } finally {
    await storage.idle();
    await folder.remove();
  }
}

/** What the headers alone tell. */
function rejectEarly(
  request: Request,
  { maxBytes, fileField }: { maxBytes: number; fileField: string },
): void {
  const contentLength = Number(request.get('content-length') ?? Number.NaN);
  const isChunked = request.get('transfer-encoding') !== undefined;
  const contentType = request.get('content-type') ?? '';
  if (!isChunked && !(contentLength > 0)) throw new WhosaidError('file_missing');
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    const received = contentType.split(';')[0]?.slice(0, 100).trim() || 'no Content-Type';
    throw new WhosaidError('body_not_multipart', { part: fileField, received });
  }
  if (contentLength > maxBytes) {
    throw new WhosaidError('upload_too_large', { limit: maxBytes, received: contentLength });
  }
}
