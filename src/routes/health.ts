import { Router } from 'express';
import type { AppDeps } from '../app-deps.js';
import { methodNotAllowed } from '../middleware/unmatched.js';

/** `GET /health`: whether the process answers (200 always) and whether a model is ready (`model_loaded`). */
export function healthRoutes(
  deps: Pick<AppDeps, 'manager' | 'settings' | 'version' | 'startedAt'>,
): Router {
  const router = Router();
  for (const path of ['/health', '/v1/health']) {
    router
      .route(path)
      .get((_request, response) => {
        response.setHeader('cache-control', 'no-store');
        response.json(healthOf(deps));
      })
      .all(methodNotAllowed(['GET']));
  }
  return router;
}

function healthOf({
  manager,
  settings,
  version,
  startedAt,
}: Pick<AppDeps, 'manager' | 'settings' | 'version' | 'startedAt'>) {
  const { modelLoaded, modelName, hosts } = manager.state();
  return {
    status: 'healthy',
    model_loaded: modelLoaded,
    model_name: modelName,
    version,
    uptime_seconds: Math.floor((Date.now() - startedAt.getTime()) / 1000),
    engines: hosts.map((host) => ({
      role: host.role,
      state: host.state,
      restarts: host.restarts,
      rss_bytes: host.rssBytes ?? null,
    })),
    limits: { max_upload_bytes: settings.maxUploadBytes },
  };
}
