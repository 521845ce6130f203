import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { childLogger } from '#services/logging/child-logger.js';
import type { Logger } from '#utils/logging/logger.js';
import type { SealedSession } from '../realtime/client-secrets.js';

/** What every handler can rely on for the request at hand. */
export type RequestContext = {
  /** Sent back as `x-request-id` and in every log line of this request. */
  readonly requestId: string;
  /** Adds the request id to what it logs. */
  readonly logger: Logger;
  /** Adds a header to the answer, if that is still possible. */
  readonly addHeader: (name: string, value: string) => void;
  /** `performance.now()` when the request arrived. */
  readonly startedMs: number;
  /** Short name of the key that was sent, where keys are needed. */
  keyId?: string;
  /** What the client secret holds that was sent instead of a key. */
  sealed?: SealedSession;
  /** Where the time of a transcription went, as far as it has come. */
  phases?: RequestPhases;
  /** Catalogue id of the recogniser. */
  model?: string;
  /** Length of the recording that was transcribed, for the access log. */
  audioSeconds?: number;
  /** Catalogue key of the error that was answered, for the access log. */
  errorKey?: string;
};

/** When a transcription passed from one phase to the next, as `performance.now()`. */
export type RequestPhases = {
  /** Its upload was received and checked; it waits for its turn. */
  queuedMs?: number;
  /** It was its turn. */
  turnMs?: number;
  /** The work has ended, well or not. */
  doneMs?: number;
};

const contexts = new WeakMap<Request, RequestContext>();

/** Gives each request an id (the client's own `x-request-id` where it is harmless) and a logger that names it. */
export function requestContext(options: { logger: Logger }): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const requestId = requestIdOf(request);
    contexts.set(request, {
      requestId,
      logger: childLogger(options.logger, { requestId }),
      addHeader(name, value) {
        if (!response.headersSent) response.setHeader(name, value);
      },
      startedMs: performance.now(),
    });
    response.setHeader('x-request-id', requestId);
    next();
  };
}

/** The context of a request that passed `requestContext`. */
export function contextOf(request: Request): RequestContext {
  const context = contexts.get(request);
  if (context === undefined) throw new TypeError('requestContext() has to come first in the app.');
  return context;
}

/** Ids end up in headers and logs: only short ones of plain characters are taken over. */
function requestIdOf(request: Request): string {
  const given = request.get('x-request-id');
  if (given !== undefined && /^[\w.:-]{1,128}$/.test(given)) return given;
  return `req_${randomUUID().replaceAll('-', '')}`;
}
