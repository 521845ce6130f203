import { stat } from 'node:fs/promises';
import type { Request, Response } from 'express';
import type { Reservation } from '#services/temp/room.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Seat } from '../admission.js';
import type { AppDeps, AppSettings } from '../app-deps.js';
import type { Timings } from '../timings.js';
import { clientOf } from './client-of.js';
import { type Multipart, receiveMultipart } from './multipart.js';
import { contextOf } from './request-context.js';
import { timedSeat } from './timed-seat.js';
import { createUploadStorage } from './upload-storage.js';

export type UploadOptions<Result> = {
  readonly request: Request;
  readonly response: Response;
  readonly deps: Pick<AppDeps, 'admission' | 'temp' | 'fieldRoom' | 'stopping'> & {
    readonly settings: Pick<AppSettings, 'maxUploadBytes'>;
    readonly timings: Pick<Timings, 'stalledUploadMs' | 'slowUploadMs'>;
  };
  /** Name of the part with the recording. Default `file`. */
  readonly fileField?: string;
  /** As many recordings may come at once, as parts `file` or `file[]`. Default 1. */
  readonly maxFiles?: number;
  /**
   * Reads the upload and gives the work. The work may wait for hours: of the fields, which may be many megabytes, it
   * keeps what it needs and no more.
   */
  readonly prepare: (upload: Multipart, seat: Seat) => Promise<() => Promise<Result>>;
};

/**
 * Receives a multipart upload into a temporary folder, does the work that `prepare` makes of it and removes the folder,
 * whatever happened, before the promise settles: by the time a client has its answer, nothing of its recording is left.
 * The request has its seat, and room for what it says that it sends, before any of the body is read.
 * Rejects with `file_missing`, `body_not_multipart`, `upload_too_large`, `client_busy`, `server_busy`, `storage_lost`, or as
 * `TempStore.reserve`, `receiveMultipart`, `prepare` and the work do.
 */
export async function withUpload<Result>(options: UploadOptions<Result>): Promise<Result> {
  const { request, response, deps, fileField = 'file' } = options;
  rejectEarly(request, { maxBytes: deps.settings.maxUploadBytes, fileField });
  const visitor = { client: clientOf(request), bytes: Number(request.get('content-length')) };
  const seat = timedSeat(deps.admission.enter(visitor), contextOf(request));
  try {
    const room = await deps.temp.reserve(Number(request.get('content-length') ?? 0));
    try {
      // https://www.rfc-editor.org/rfc/rfc9110#name-expect
      if (/^100-continue$/i.test(request.get('expect') ?? '')) response.writeContinue();
      return await inFolder(options, { seat, room });
    } finally {
      room.release();
    }
  } finally {
    seat.leave();
  }
}

async function inFolder<Result>(
  options: UploadOptions<Result>,
  { seat, room }: { readonly seat: Seat; readonly room: Reservation },
): Promise<Result> {
  const { request, response, deps, fileField = 'file', maxFiles = 1, prepare } = options;
  const folder = await deps.temp.folder();
  const storage = createUploadStorage({ folder: folder.path });
  // A function of its own, so that nobody has the fields while the work waits.
  const receive = async () => {
    const fieldRoom = deps.fieldRoom.reserve();
    try {
      const upload = await receiveMultipart({
        request,
        response,
        storage,
        folder: folder.path,
        fileField,
        maxFiles,
        maxBytes: deps.settings.maxUploadBytes,
        timings: deps.timings,
        room,
        fieldRoom,
        signal: deps.stopping,
      });
      return await prepare(upload, seat);
    } finally {
      fieldRoom.release();
    }
  };
  try {
    const work = await receive();
    return await work();
  } catch (error) {
    throw await explained(error, { folder: folder.path, stopping: deps.stopping });
  } finally {
    await storage.idle();
    await folder.remove();
  }
}

/**
 * What is behind an error: engines that end with the server, or a file that somebody else has removed, which looks like
 * a fault of the request to whoever wants to open it.
 */
async function explained(
  error: unknown,
  { folder, stopping }: { readonly folder: string; readonly stopping: AbortSignal },
): Promise<unknown> {
  if (error instanceof WhosaidError && error.key === 'client_closed') return error;
  if (stopping.aborted) return stopping.reason;
  const isThere = await stat(folder).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT',
  );
  return isThere ? error : new WhosaidError('storage_lost', {}, { cause: error });
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
