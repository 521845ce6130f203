import type { Socket } from 'node:net';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { contextOf } from './request-context.js';

/** A connection serves many requests: what it had moved when the one before was logged is not this one's. */
const movedBefore = new WeakMap<Socket, { bytesIn: number; bytesOut: number }>();

/**
 * One line for each request when its response ends or its client leaves. The route is the pattern it matched, never
 * the URL: a URL is the user's text.
 */
export function accessLog(): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const { socket } = request;
    const before = movedBefore.get(socket) ?? { bytesIn: 0, bytesOut: 0 };
    response.once('close', () => {
      const { logger, startedMs, keyId, audioSeconds, errorKey } = contextOf(request);
      const moved = { bytesIn: socket.bytesRead, bytesOut: socket.bytesWritten };
      movedBefore.set(socket, moved);
      const isAborted = !response.writableFinished;
      logger.info('Request', {
        method: request.method,
        route: routeOf(request),
        // What nobody was there to receive has no status of its own; proxies log it as 499 too.
        status: isAborted ? 499 : response.statusCode,
        ms: Math.round(performance.now() - startedMs),
        bytesIn: moved.bytesIn - before.bytesIn,
        bytesOut: moved.bytesOut - before.bytesOut,
        ...(keyId !== undefined && { keyId }),
        ...(audioSeconds !== undefined && { audioSeconds }),
        ...(errorKey !== undefined && { error: errorKey }),
        ...(isAborted && { aborted: true }),
      });
    });
    next();
  };
}

function routeOf(request: Request): string {
  const path = (request.route as { path?: string | readonly string[] } | undefined)?.path;
  // Of several patterns the first is the page's name.
  const pattern = [path].flat()[0];
  if (pattern === undefined) return '(none)';
  // Express forgets where a router was mounted when that hands on an error: of its URL, only this is known to be ours.
  const isBelow = /^\/v1(?![^/?])/i.test(request.originalUrl);
  return isBelow && pattern !== '/v1' ? `/v1${pattern}` : pattern;
}
