import { type NextFunction, type Request, type Response, Router } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../app-deps.js';
import { methodNotAllowed } from '../middleware/unmatched.js';
import type { PageFile } from './page-files.js';

/**
 * What the page may load: all of it from this server, and what it makes itself (recordings as blobs). Nothing inline;
 * `connect-src 'self'` includes WebSockets of the same host.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The names hold a hash of the contents: what has been fetched once is good for ever. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * The web page: `GET /` for who prefers HTML, as browsers do (everybody else is left to the next route), and the files it
 * consists of below `/assets`. Throws `page_not_built` where it is wanted and not there.
 */
export function pageRoutes({ page, settings }: Pick<AppDeps, 'page' | 'settings'>): Router {
  const router = Router();
  if (!settings.webPage) return router;
  router.get('/', (request: Request, response: Response, next: NextFunction) => {
    response.vary('Accept');
    // Who takes anything gets JSON, as ever.
    if (request.accepts(['json', 'html']) !== 'html') return next();
    if (page === undefined) throw new WhosaidError('page_not_built');
    response.setHeader('content-security-policy', PAGE_POLICY);
    response.setHeader('cache-control', 'no-cache');
    sendFile(page.markup, { request, response });
  });
  router
    .route('/assets/:name')
    .get((request: Request, response: Response, next: NextFunction) => {
      const file = page?.assets.get(String(request.params.name));
      if (file === undefined) return next('route');
      response.setHeader('cache-control', FOR_EVER);
      sendFile(file, { request, response });
    })
    .all(methodNotAllowed(['GET']));
  return router;
}

function sendFile(
  file: PageFile,
  { request, response }: { readonly request: Request; readonly response: Response },
): void {
  response.vary('Accept-Encoding');
  response.setHeader('content-type', file.contentType);
  if (file.brotli && request.acceptsEncodings('br')) {
    response.setHeader('content-encoding', 'br').send(file.brotli);
  } else if (file.gzip && request.acceptsEncodings('gzip')) {
    response.setHeader('content-encoding', 'gzip').send(file.gzip);
  } else {
    response.send(file.body);
  }
}
