import express, { type Express } from 'express';
import helmet from 'helmet';
import { adapterErrors, adapterRoutes } from './adapters/index.js';
import type { AppDeps } from './app-deps.js';
import { legacyErrors, legacyRoutes } from './legacy/routes.js';
import { accessLog } from './middleware/access-log.js';
import { authenticate } from './middleware/authenticate.js';
import { takeClientSecrets } from './middleware/client-secret.js';
import { crossOrigin } from './middleware/cross-origin.js';
import { errorHandler } from './middleware/error-handler.js';
import { heartbeats } from './middleware/heartbeat.js';
import { hostCheck, hostRequired } from './middleware/host-check.js';
import { openaiHeaders } from './middleware/openai-headers.js';
import { rateLimit } from './middleware/rate-limit.js';
import { refuseWhenStopping } from './middleware/refuse-when-stopping.js';
import { requestContext } from './middleware/request-context.js';
import { routeNotFound } from './middleware/unmatched.js';
import { pageRoutes } from './page/page-routes.js';
import { realtimeRoutes } from './realtime/routes.js';
import { docsPages } from './routes/docs-pages.js';
import { healthRoutes } from './routes/health.js';
import { indexRoutes } from './routes/index.js';
import { jobRoutes } from './routes/jobs/routes.js';
import { metricsRoutes } from './routes/metrics.js';
import { modelRoutes } from './routes/models.js';
import { openapiRoutes } from './routes/openapi.js';
import { transcriptionRoutes } from './routes/transcriptions.js';
import { translationRoutes } from './routes/translations.js';

/**
 * The HTTP side of the gateway as an Express app. It owns nothing: what it is given lives and ends elsewhere.
 * Every API path exists with and without `/v1`, since base URLs are given both ways.
 */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  // Answers are made for one request; hashing transcripts for caches would only cost time.
  app.disable('etag');
  const { access, settings } = deps;
  app.set('trust proxy', settings.trustProxy);
  app.use(requestContext({ logger: deps.logger }));
  app.use(accessLog({ ...deps, ...settings }));
  for (const handler of adapterErrors(deps)) app.use(handler);
  app.use(legacyErrors());
  app.use(openaiHeaders());
  app.use(hostRequired());
  app.use(refuseWhenStopping(deps));
  // Whether this host is reached over TLS, and for how long, is for the proxy in front of it to say.
  app.use(helmet({ strictTransportSecurity: false }));
  if (!access.keys.isRequired) app.use(hostCheck(access.hostRules));
  app.use(crossOrigin(access.hostRules));
  app.use(takeClientSecrets({ ...access, ...deps }));
  app.use(authenticate({ ...access, ...settings }));
  for (const handler of limitRate(deps)) app.use(handler);
  app.use(heartbeats());
  app.use(pageRoutes(deps));
  app.use(indexRoutes(deps));
  app.use(healthRoutes(deps));
  app.use(metricsRoutes(deps));
  const api = [
    openapiRoutes(deps),
    docsPages(deps),
    modelRoutes(deps),
    transcriptionRoutes(deps),
    translationRoutes(deps),
    jobRoutes(deps),
    realtimeRoutes(deps),
  ];
  app.use('/v1', api);
  app.use(api);
  app.use(legacyRoutes(deps));
  for (const router of adapterRoutes(deps)) app.use(router);
  app.use(routeNotFound());
  app.use(errorHandler());
  return app;
}

function limitRate({ access, settings }: AppDeps) {
  const { rateLimitStore } = access;
  return rateLimit({
    requests: settings.rateLimitRequests,
    windowSeconds: settings.rateLimitWindowSeconds,
    publicPaths: settings.publicPaths,
    ...(rateLimitStore && { store: rateLimitStore }),
  });
}
