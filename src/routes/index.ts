import { Router } from 'express';
import type { AppDeps } from '../app-deps.js';
import { methodNotAllowed } from '../middleware/unmatched.js';

/** `GET /` and `GET /v1`: what this is and where to go from here. */
export function indexRoutes({ version, settings }: Pick<AppDeps, 'version' | 'settings'>): Router {
  const router = Router();
  for (const path of ['/', '/v1']) {
    router
      .route(path)
      .get((_request, response) => {
        response.json({
          name: 'whosaid',
          version,
          description:
            "An OpenAI-compatible transcription gateway. Point an OpenAI client's base URL at /v1 of this server.",
          links: {
            transcriptions: '/v1/audio/transcriptions',
            translations: '/v1/audio/translations',
            jobs: '/v1/audio/jobs',
            batches: '/v1/audio/jobs/batch',
            ...(settings.maxRealtimeSessions > 0 && {
              realtime: '/v1/realtime',
              client_secrets: '/v1/realtime/client_secrets',
            }),
            models: '/v1/models',
            pull: '/v1/models/pull',
            health: '/health',
            ready: '/ready',
            metrics: '/metrics',
            docs: '/docs',
            reference: '/redoc',
            openapi: '/openapi.json',
            transcribe: '/transcribe',
            transcribe_async: '/transcribe/async',
            ...(settings.asrWebserviceApi && { asr: '/asr', detect_language: '/detect-language' }),
            ...(settings.whisperCppApi && { inference: '/inference' }),
          },
        });
      })
      .all(methodNotAllowed(['GET']));
  }
  return router;
}
