import { Router } from 'express';
import type { AppDeps } from '../app-deps.js';
import { methodNotAllowed } from '../middleware/unmatched.js';
import { openSession } from './open-session.js';
import { createClientSecret, createTranscriptionSession } from './secret-routes.js';

/** Transcription while somebody speaks: docs/realtime.md. */
export function realtimeRoutes(deps: AppDeps): Router {
  const router = Router();
  if (deps.settings.maxRealtimeSessions === 0) return router;
  router
    .route('/realtime')
    .get(openSession(deps))
    .all(methodNotAllowed(['GET']));
  router
    .route('/realtime/client_secrets')
    .post(createClientSecret(deps))
    .all(methodNotAllowed(['POST']));
  router
    .route('/realtime/transcription_sessions')
    .post(createTranscriptionSession(deps))
    .all(methodNotAllowed(['POST']));
  return router;
}
