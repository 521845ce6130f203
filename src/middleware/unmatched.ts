import type { Request, RequestHandler, Response } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

/** For what no route took: a JSON 404 that says where to look. */
export function routeNotFound(): RequestHandler {
  return (request: Request) => {
    throw new WhosaidError('route_not_found', { method: request.method, path: shownPath(request) });
  };
}

/** For a path that exists under other methods: 405 with `Allow`; OPTIONS gets the list without an error. */
export function methodNotAllowed(methods: readonly string[]): RequestHandler {
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (request: Request, response: Response) => {
    response.setHeader('Allow', allowed);
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    throw new WhosaidError('method_not_allowed', {
      method: request.method,
      path: shownPath(request),
      allowed,
    });
  };
}

/** Without the query, which may hold secrets, and not longer than helps. */
function shownPath(request: Request): string {
  return (request.originalUrl.split('?')[0] ?? '').slice(0, 200);
}
