import { Router } from 'express';
import type { AppDeps } from '../app-deps.js';
import { methodNotAllowed } from '../middleware/unmatched.js';
import { openapiDocument } from '../openapi/document.js';
import type { OpenApiDocument } from '../openapi/types.js';

/** The document of this server as it is set up. */
export function documentOf({
  version,
  settings,
}: Pick<AppDeps, 'version' | 'settings'>): OpenApiDocument {
  const { asrWebserviceApi, whisperCppApi } = settings;
  return openapiDocument({ version, asrWebserviceApi, whisperCppApi });
}

/** `GET /openapi.json`: what this server offers, as an OpenAPI 3.1 document. */
export function openapiRoutes(deps: Pick<AppDeps, 'version' | 'settings'>): Router {
  const router = Router();
  const document = documentOf(deps);
  router
    .route('/openapi.json')
    .get((_request, response) => {
      response.json(document);
    })
    .all(methodNotAllowed(['GET']));
  return router;
}
