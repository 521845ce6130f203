import type { Request, RequestHandler } from 'express';
import type { RenderedTranscript } from '#utils/formats/index.js';
import type { Seat } from '../admission.js';
import type { AppDeps } from '../app-deps.js';
import { requestSignals } from '../middleware/disconnect.js';
import type { Multipart } from '../middleware/multipart.js';
import { contextOf } from '../middleware/request-context.js';
import { withUpload } from '../middleware/upload.js';

export type UploadCall = {
  readonly request: Request;
  readonly upload: Multipart;
  readonly seat: Seat;
  /** Aborts when the client leaves, and when the server stops. */
  readonly signal: AbortSignal;
};

export type UploadAnswer = RenderedTranscript & {
  /** Length of the recording, for the access log. */
  readonly audioSeconds?: number;
};

/**
 * Receives a recording as the part `fileField`, and answers what the work gives that `prepare` makes of it: see
 * `withUpload`.
 */
export function answerUpload(
  deps: AppDeps,
  options: {
    readonly fileField: string;
    readonly prepare: (call: UploadCall) => Promise<() => Promise<UploadAnswer>>;
  },
): RequestHandler {
  const { fileField, prepare } = options;
  return async (request, response) => {
    const { signal } = requestSignals({ response, stopping: deps.stopping });
    const { contentType, body, audioSeconds } = await withUpload({
      request,
      response,
      deps,
      fileField,
      prepare: (upload, seat) => prepare({ request, upload, seat, signal }),
    });
    if (audioSeconds !== undefined) contextOf(request).audioSeconds = audioSeconds;
    response.type(contentType).send(body);
  };
}
