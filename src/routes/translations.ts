import { Router } from 'express';
import type { AppDeps } from '../app-deps.js';
import { methodNotAllowed } from '../middleware/unmatched.js';
import { answerAudio } from './answer-audio.js';

/**
 * `POST /audio/translations`: as transcriptions, but what is said is written down in English. `language` is the one that
 * is spoken, and what OpenAI's translations do not know, such as streams and speakers, is there as well.
 */
export function translationRoutes(deps: AppDeps): Router {
  const router = Router();
  router
    .route('/audio/translations')
    .post(answerAudio(deps, { task: 'translate' }))
    .all(methodNotAllowed(['POST']));
  return router;
}
