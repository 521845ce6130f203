import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import type { AppDeps } from '../app-deps.js';
import { methodNotAllowed } from '../middleware/unmatched.js';
import { referencePage } from '../openapi/reference/page.js';
import { referenceStyle } from '../openapi/reference/style.js';
import { swaggerPage, swaggerStart } from '../openapi/swagger-page.js';
import { documentOf } from './openapi.js';

/** Files of Swagger UI that its page needs, which come with its package. */
const SWAGGER_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];
const swaggerFolder = dirname(
  createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'),
);

const NOTHING_ELSE =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Swagger UI fetches the document and what is tried out, draws icons from data URLs and offers answers as blobs. */
const SWAGGER_POLICY = `${NOTHING_ELSE}; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; media-src blob:`;
const REFERENCE_POLICY = `${NOTHING_ELSE}; style-src 'self'; img-src data:`;

/**
 * `GET /docs`, Swagger UI, to try requests out, and `GET /redoc`, the reference to read. Everything they consist of
 * comes from this server.
 */
export function docsPages(deps: Pick<AppDeps, 'version' | 'settings'>): Router {
  const router = Router();
  const reference = referencePage(documentOf(deps), {
    style: 'redoc/style.css',
    document: 'openapi.json',
    tryOut: 'docs',
  });
  page(router, { path: '/docs', policy: SWAGGER_POLICY, body: swaggerPage });
  page(router, { path: '/redoc', policy: REFERENCE_POLICY, body: reference });
  asset(router, '/docs/start.js', (response) => response.type('js').send(swaggerStart));
  asset(router, '/redoc/style.css', (response) => response.type('css').send(referenceStyle));
  for (const name of SWAGGER_FILES) {
    asset(router, `/docs/${name}`, (response) => response.sendFile(join(swaggerFolder, name)));
  }
  return router;
}

function page(
  router: Router,
  { path, policy, body }: { path: string; policy: string; body: string },
): void {
  router
    .route(path)
    .get((request: Request, response: Response) => {
      // The addresses in the page are relative: they hold below /v1 and behind a proxy, but not below a slash.
      if (request.path.endsWith('/')) return response.redirect(301, `..${path}`);
      response.setHeader('content-security-policy', policy);
      response.type('html').send(body);
    })
    .all(methodNotAllowed(['GET']));
}

function asset(router: Router, path: string, send: (response: Response) => void): void {
  router
    .route(path)
    .get((_request: Request, response: Response) => {
      response.setHeader('cache-control', 'max-age=3600');
      send(response);
    })
    .all(methodNotAllowed(['GET']));
}
