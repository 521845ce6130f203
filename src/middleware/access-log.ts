import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { contextOf } from './request-context.js';

/**
 * One line for each request when its response ends or its client leaves. The route is the pattern it matched, never
 * the URL: a URL is the user's text.
 */
export function accessLog(): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    // A connection serves many requests: what it had moved before this one is not this one's.
    const { socket } = request;
    const readBefore = socket.bytesRead;
    const writtenBefore = socket.bytesWritten;
    response.once('close', () => {
      const { logger, startedMs, audioSeconds, errorKey } = contextOf(request);
      logger.info('Request', {
        method: request.method,
        route: routeOf(request),
        status: response.statusCode,
        ms: Math.round(performance.now() - startedMs),
        bytesIn: socket.bytesRead - readBefore,
        bytesOut: socket.bytesWritten - writtenBefore,
        ...(audioSeconds !== undefined && { audioSeconds }),
        ...(errorKey !== undefined && { error: errorKey }),
        ...(!response.writableFinished && { aborted: true }),
      });
    });
    next();
  };
}

function routeOf(request: Request): string {
  const pattern = (request.route as { path?: unknown } | undefined)?.path;
  return typeof pattern === 'string' ? `${request.baseUrl}${pattern}` : '(none)';
}
