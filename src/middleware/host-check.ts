import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { HostRules } from '../access/host-rules.js';

/** More of a name than helps is not repeated. */
const SHOWN_CHARACTERS = 100;

/** Refuses what HTTP/1.1 does not allow. Throws `request_malformed`. */
export function hostRequired(): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const isOld = request.httpVersionMajor === 1 && request.httpVersionMinor === 0;
    if (!isOld && request.headers.host === undefined) {
      // Whoever sends this is no client to wait for.
      response.setHeader('connection', 'close');
      throw new WhosaidError('request_malformed', { reason: 'there is no Host header' });
    }
    next();
  };
}

/**
 * For a server without keys: refuses what foreign web pages send, also those that have made a name of theirs point to
 * this machine. Behind a trusted proxy both names have to be known: the one that the proxy was addressed by and the one
 * that it sends. Throws `host_forbidden` or `origin_forbidden`. Whoever sends no `Origin` is no web page.
 */
export function hostCheck(rules: HostRules): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction) => {
    const { host } = request;
    // A trusted proxy tells the name that it was addressed by. A page can write that header too, but not `Host` itself.
    for (const name of [host, request.headers.host]) {
      if (rules.allowsHost(name)) continue;
      throw new WhosaidError('host_forbidden', { host: String(name).slice(0, SHOWN_CHARACTERS) });
    }
    const origin = request.get('origin');
    if (origin !== undefined && !rules.allowsOrigin(origin, host)) {
      throw originForbidden(origin);
    }
    next();
  };
}

/** `origin_forbidden` about an `Origin` header. */
export function originForbidden(origin: string): WhosaidError {
  return new WhosaidError('origin_forbidden', { origin: origin.slice(0, SHOWN_CHARACTERS) });
}
