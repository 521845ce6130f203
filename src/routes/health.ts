import { Router } from 'express';
import type { PoolState } from '#services/model-manager/hosts/options.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../app-deps.js';
import { methodNotAllowed } from '../middleware/unmatched.js';

type HealthDeps = Pick<AppDeps, 'manager' | 'settings' | 'admission' | 'version'>;

/** When it is worth asking again whether the server is ready. */
const ASK_AGAIN_SECONDS = 2;

/**
 * `GET /health`: whether the process answers (200 always), with what it is at. `GET /ready`: whether it can transcribe
 * (200, or `not_ready` with the reason and with when to ask again). Both with and without `/v1`.
 */
export function healthRoutes(deps: HealthDeps): Router {
  const router = Router();
  // Not the time of day, which may be set while the server runs.
  const startedMs = performance.now();
  const pages = { '/health': () => healthOf(deps, startedMs), '/ready': () => readinessOf(deps) };
  for (const [path, page] of Object.entries(pages)) {
    router
      .route([path, `/v1${path}`])
      .get((_request, response) => {
        response.setHeader('cache-control', 'no-store');
        response.json(page());
      })
      .all(methodNotAllowed(['GET']));
  }
  return router;
}

function healthOf({ manager, settings, admission, version }: HealthDeps, startedMs: number) {
  const { modelLoaded, modelName, memory, hosts, pools } = manager.state();
  return {
    status: 'healthy',
    model_loaded: modelLoaded,
    model_name: modelName,
    version,
    uptime_seconds: Math.floor((performance.now() - startedMs) / 1000),
    engines: hosts.map((host) => ({
      role: host.role,
      state: host.state,
      restarts: host.restarts,
      rss_bytes: host.rssBytes ?? null,
    })),
    pools: pools.map(({ role, model, hosts: own, queued, retrySeconds }) => ({
      role,
      model,
      hosts: own.length,
      usable: own.filter(({ state }) => state === 'ready' || state === 'busy').length,
      queued,
      retry_seconds: retrySeconds === undefined ? null : Math.ceil(retrySeconds),
    })),
    model_memory: memory ? { limit_bytes: memory.limitBytes, used_bytes: memory.usedBytes } : null,
    requests: admission.state(),
    limits: { max_upload_bytes: settings.maxUploadBytes },
  };
}

function readinessOf({ manager, settings }: HealthDeps) {
  const { modelLoaded, modelName, isLetGo, pools } = manager.state();
  const isNeeded = ({ role, model }: PoolState) =>
    role === 'speech'
      ? model === modelName
      : role === 'speaker' && settings.speakerDiarization === 'always';
  const retries = pools.filter(isNeeded).map(({ retrySeconds = 0 }) => retrySeconds);
  const seconds = Math.ceil(Math.max(0, ...retries));
  if (seconds > 0) {
    const reason = 'its engines failed, and are tried again after a pause';
    throw new WhosaidError('not_ready', { reason, seconds });
  }
  // One that gave way to others is loaded again by the next request.
  if (modelLoaded || isLetGo) return { status: 'ready' };
  const reason = `the model ${modelName} is not loaded yet, or its engine has to start again`;
  throw new WhosaidError('not_ready', { reason, seconds: ASK_AGAIN_SECONDS });
}
