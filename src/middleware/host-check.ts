import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { HostRules } from '../access/host-rules.js';

/** More of a name than helps is not repeated. */
const SHOWN_CHARACTERS = 100;

/**
 * For a server without keys: refuses what foreign web pages send, also those that have made a name of theirs point to
 * this machine. Throws `host_forbidden` or `origin_forbidden`. Whoever sends no `Origin` is no web page.
 */
export function hostCheck(rules: HostRules): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction) => {
    const { host } = request;
    if (!rules.allowsHost(host)) {
      throw new WhosaidError('host_forbidden', { host: host.slice(0, SHOWN_CHARACTERS) });
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
