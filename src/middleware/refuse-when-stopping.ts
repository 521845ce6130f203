import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** Whoever watches the server may go on doing so to its end. */
const WATCHED = /^(\/v1)?\/(health|metrics)\/?$/i;

/**
 * Refuses what comes on connections that are still open when the server has been told to stop, `/ready` among it. Throws
 * `server_stopping`.
 */
export function refuseWhenStopping({
  draining,
}: {
  readonly draining: AbortSignal;
}): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction) => {
    if (!WATCHED.test(request.path)) draining.throwIfAborted();
    next();
  };
}
