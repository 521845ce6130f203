import { type Request, type Response, Router } from 'express';
import {
  DIARIZE_SUFFIX,
  OPENAI_MODEL_IDS,
  resolveModel,
  usableModelIds,
} from '#services/model-manager/aliases.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../app-deps.js';
import { requireAdmin } from '../middleware/require-admin.js';
import { methodNotAllowed } from '../middleware/unmatched.js';
import { type ModelObjectDeps, modelObject } from './model-object.js';
import { type PullDeps, pullModel } from './pull-model.js';

type ModelDeps = ModelObjectDeps & PullDeps & Pick<AppDeps, 'access'>;

/**
 * `GET /models` and `GET /models/{id}` in OpenAI's shape: its own ids, the operator's aliases and the installed models,
 * the latter two also with `-diarize` where the server gives speaker labels, each with what its model can do.
 * `POST /models/pull` fetches another one.
 */
export function modelRoutes(deps: ModelDeps): Router {
  const router = Router();
  router
    .route('/models')
    .get(async (_request, response) => {
      const ids = await offeredIds(deps);
      response.json({
        object: 'list',
        data: await Promise.all(ids.map((id) => modelObject(id, deps))),
      });
    })
    .all(methodNotAllowed(['GET']));
  router
    .route('/models/pull')
    .post(requireAdmin(deps.access), pullModel(deps))
    .all(methodNotAllowed(['POST']));
  router
    .route('/models/*id')
    .get(async (request: Request, response: Response) => {
      // SDKs escape the slash of `org/name`; a person with curl does not.
      const id = [request.params.id].flat().join('/');
      const context = { ...deps, defaultModel: deps.settings.model };
      const { diarize } = await resolveModel(id, context);
      if (diarize && deps.settings.speakerDiarization === 'never') {
        throw new WhosaidError('speakers_disabled', { param: 'model' });
      }
      response.json(await modelObject(id, deps));
    })
    .all(methodNotAllowed(['GET']));
  return router;
}

async function offeredIds(deps: ModelDeps): Promise<string[]> {
  const ids = await usableModelIds(deps);
  if (deps.settings.speakerDiarization === 'never') {
    return ids.filter((id) => !id.endsWith(DIARIZE_SUFFIX));
  }
  const ours = ids.filter((id) => !OPENAI_MODEL_IDS.some((alias) => alias === id));
  return [...ids, ...ours.map((id) => id + DIARIZE_SUFFIX)];
}
