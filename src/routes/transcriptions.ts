import { Router } from 'express';
import type { AppDeps } from '../app-deps.js';
import { methodNotAllowed } from '../middleware/unmatched.js';
import { answerAudio } from './answer-audio.js';

/** `POST /audio/transcriptions`: a recording in, its transcript in one of OpenAI's formats out, or as events. */
export function transcriptionRoutes(deps: AppDeps): Router {
  const router = Router();
  router
    .route('/audio/transcriptions')
    .post(answerAudio(deps, { task: 'transcribe' }))
    .all(methodNotAllowed(['POST']));
  return router;
}
