import type { Socket } from 'node:net';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Metrics } from '../metrics/metrics.js';
import { phaseTimes } from './phase-times.js';
import { contextOf } from './request-context.js';

export type AccessLogOptions = {
  readonly metrics: Pick<Metrics, 'requestEnded'>;
  /** A request that takes longer has a line of its own, a warning; 0 never warns. */
  readonly slowRequestSeconds: number;
};

/** A connection serves many requests: what it had moved when the one before was logged is not this one's. */
const movedBefore = new WeakMap<Socket, { bytesIn: number; bytesOut: number }>();

/**
 * One line for each request when its response ends or its client leaves, and the same in figures. The route is the
 * pattern it matched, never the URL: a URL is the user's text.
 */
export function accessLog({ metrics, slowRequestSeconds }: AccessLogOptions): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const { socket } = request;
    const before = movedBefore.get(socket) ?? { bytesIn: 0, bytesOut: 0 };
    response.once('close', () => {
      const context = contextOf(request);
      const { logger, startedMs, keyId, audioSeconds, model, errorKey } = context;
      const moved = { bytesIn: socket.bytesRead, bytesOut: socket.bytesWritten };
      movedBefore.set(socket, moved);
      // A connection that was handed over to another protocol has had its answer.
      const isHandedOver = response.statusCode === 101;
      const isAborted = !response.writableFinished && !isHandedOver;
      const nowMs = performance.now();
      const fields = {
        method: request.method,
        route: routeOf(request),
        // What nobody was there to receive has no status of its own; proxies log it as 499 too.
        status: isAborted ? 499 : response.statusCode,
        ms: Math.round(nowMs - startedMs),
        ...phaseTimes(context, nowMs),
        ...(audioSeconds !== undefined && { audioSeconds }),
        ...(model !== undefined && { model }),
        ...(errorKey !== undefined && { error: errorKey }),
      };
      logger.info('Request', {
        ...fields,
        bytesIn: moved.bytesIn - before.bytesIn,
        bytesOut: moved.bytesOut - before.bytesOut,
        ...(keyId !== undefined && { keyId }),
        ...(isAborted && { aborted: true }),
      });
      const seconds = (nowMs - startedMs) / 1000;
      if (slowRequestSeconds > 0 && seconds > slowRequestSeconds && !isHandedOver) {
        logger.warn('Slow request', fields);
      }
      const { method, route, status } = fields;
      // Whoever has left is told nothing, so no handler has noted an error yet.
      const noted = errorKey ?? (isAborted ? 'client_closed' : undefined);
      metrics.requestEnded({ method, route, status, errorKey: noted, seconds });
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
