import { type Request, type Response, Router } from 'express';
import { resolveModel, usableModelIds } from '#services/model-manager/aliases.js';
import type { AppDeps } from '../app-deps.js';
import { methodNotAllowed } from '../middleware/unmatched.js';

type ModelDeps = Pick<AppDeps, 'catalogue' | 'store' | 'settings' | 'startedAt'>;

/** `GET /models` and `GET /models/{id}` in OpenAI's shape: its own ids, which are aliases, and the installed models. */
export function modelRoutes(deps: ModelDeps): Router {
  const router = Router();
  router
    .route('/models')
    .get(async (_request, response) => {
      const ids = await usableModelIds(deps);
      // Ids that ask for speakers are refused until there are speaker labels, so they are not offered either.
      const offered = ids.filter((id) => !id.endsWith('-diarize'));
      response.json({ object: 'list', data: offered.map((id) => modelObject(id, deps)) });
    })
    .all(methodNotAllowed(['GET']));
  router
    .route('/models/*id')
    .get(async (request: Request, response: Response) => {
      // SDKs escape the slash of `org/name`; a person with curl does not.
      const id = [request.params.id].flat().join('/');
      const context = { ...deps, defaultModel: deps.settings.model };
      await resolveModel(id, context);
      response.json(modelObject(id, deps));
    })
    .all(methodNotAllowed(['GET']));
  return router;
}

function modelObject(id: string, { startedAt }: Pick<ModelDeps, 'startedAt'>) {
  return {
    id,
    object: 'model',
    created: Math.floor(startedAt.getTime() / 1000),
    owned_by: 'whosaid',
  };
}
