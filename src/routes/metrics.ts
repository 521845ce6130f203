import { Router } from 'express';
import type { AppDeps } from '../app-deps.js';
import { methodNotAllowed } from '../middleware/unmatched.js';

/** `GET /metrics`, with and without `/v1`: what docs/monitoring describes, as Prometheus reads it. */
export function metricsRoutes({ metrics }: Pick<AppDeps, 'metrics'>): Router {
  const router = Router();
  router
    .route(['/metrics', '/v1/metrics'])
    .get(async (_request, response) => {
      const page = await metrics.render();
      response.setHeader('cache-control', 'no-store');
      response.type(metrics.contentType).send(page);
    })
    .all(methodNotAllowed(['GET']));
  return router;
}
