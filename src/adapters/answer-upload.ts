import type { Request, RequestHandler } from 'express';
import type { RenderedTranscript } from '#utils/formats/index.js';
import type { AppDeps } from '../app-deps.js';
import { abortOnDisconnect } from '../middleware/disconnect.js';
import type { Multipart } from '../middleware/multipart.js';
import { contextOf } from '../middleware/request-context.js';
import { withUpload } from '../middleware/upload.js';

export type UploadCall = {
  readonly request: Request;
  readonly upload: Multipart;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
};

export type UploadAnswer = RenderedTranscript & {
  /** Length of the recording, for the access log. */
  readonly audioSeconds?: number;
};

/** Receives a recording as the part `fileField`, and answers what `answer` makes of it. */
export function answerUpload(
  deps: AppDeps,
  options: {
    readonly fileField: string;
    readonly answer: (call: UploadCall) => Promise<UploadAnswer>;
  },
): RequestHandler {
  const { fileField, answer } = options;
  return async (request, response) => {
    const signal = abortOnDisconnect(response);
    const { contentType, body, audioSeconds } = await withUpload({
      request,
      response,
      temp: deps.temp,
      maxUploadBytes: deps.settings.maxUploadBytes,
      fileField,
      checkRoom: () => deps.admission.checkRoom(),
      use: (upload) => answer({ request, upload, signal }),
    });
    if (audioSeconds !== undefined) contextOf(request).audioSeconds = audioSeconds;
    response.type(contentType).send(body);
  };
}
