import type { Request, Response } from 'express';
import type { TempStore } from '#services/temp/temp-store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type Multipart, receiveMultipart } from './multipart.js';
import { createUploadStorage } from './upload-storage.js';

export type UploadOptions<Result> = {
  readonly request: Request;
  readonly response: Response;
  readonly temp: Pick<TempStore, 'folder'>;
  /** Limit of the whole body; checked against `Content-Length` before reading and against what is read. */
  readonly maxUploadBytes: number;
  /** Name of the part with the recording. Default `file`. */
  readonly fileField?: string;
  /** Throws where the upload would come for nothing; asked before any of it is read. */
  readonly checkRoom?: () => void;
  /** Works on the upload; its files live until the returned promise settles. */
  readonly use: (upload: Multipart) => Promise<Result>;
};

/**
 * Receives a multipart upload into a temporary folder, hands it to `use` and removes the folder, whatever happened,
 * before the promise settles: by the time a client has its answer, nothing of its recording is left.
 * Rejects with `file_missing`, `body_not_multipart`, `upload_too_large`, or as `checkRoom`, `receiveMultipart` and `use` do.
 */
export async function withUpload<Result>(options: UploadOptions<Result>): Promise<Result> {
  const { request, response, temp, maxUploadBytes, fileField, checkRoom, use } = options;
  rejectEarly(request, maxUploadBytes);
  checkRoom?.();
  const folder = await temp.folder();
  const storage = createUploadStorage({ folder: folder.path });
  try {
    const upload = await receiveMultipart({
      request,
      response,
      storage,
      folder: folder.path,
      maxBytes: maxUploadBytes,
      ...(fileField !== undefined && { fileField }),
    });
    return await use(upload);
  } finally {
    await storage.idle();
    await folder.remove();
  }
}

/** What the headers alone tell. */
function rejectEarly(request: Request, maxUploadBytes: number): void {
  const contentLength = Number(request.get('content-length') ?? Number.NaN);
  const isChunked = request.get('transfer-encoding') !== undefined;
  const contentType = request.get('content-type') ?? '';
  if (!isChunked && !(contentLength > 0)) throw new WhosaidError('file_missing');
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    const received = contentType.split(';')[0]?.slice(0, 100).trim() || 'no Content-Type';
    throw new WhosaidError('body_not_multipart', { received });
  }
  if (contentLength > maxUploadBytes) {
    throw new WhosaidError('upload_too_large', { limit: maxUploadBytes, received: contentLength });
  }
}
