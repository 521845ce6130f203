import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { RedisWorker } from '#services/jobs/redis/redis-worker.js';
import type { ModelManager } from '#services/model-manager/model-manager.js';
import { listen, urlOf } from '../listen.js';
import type { Metrics } from '../metrics/metrics.js';

export type HealthServer = {
  readonly url: string;
  close(): Promise<void>;
};

export type HealthServerOptions = {
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly worker: Pick<RedisWorker, 'isReady' | 'running'>;
  readonly manager: Pick<ModelManager, 'state'>;
  readonly metrics: Pick<Metrics, 'render' | 'contentType'>;
};

type Page = { readonly status: number; readonly type: string; readonly body: string };

/**
 * Tells whoever watches a worker how it is: `GET /health` (200 while the process answers), `GET /ready` (200 when it can
 * work, 503 otherwise) and `GET /metrics`. Rejects with ListenError.
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer(answering(options));
  await listen(server, options);
  return {
    url: urlOf(server, options.host),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answering(options: HealthServerOptions): RequestListener {
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://worker');
    pageOf(pathname, options).then(
      ({ status, type, body }) => {
        const headers = { 'content-type': type, 'cache-control': 'no-store' };
        response.writeHead(request.method === 'GET' ? status : 405, headers).end(body);
      },
      () => response.writeHead(500).end(),
    );
  };
}

async function pageOf(
  path: string,
  { worker, manager, metrics, version }: HealthServerOptions,
): Promise<Page> {
  if (path === '/metrics')
    return { status: 200, type: metrics.contentType, body: await metrics.render() };
  const { modelLoaded, modelName, isLetGo } = manager.state();
  if (path === '/health') {
    const state = { status: 'healthy', model_loaded: modelLoaded, model_name: modelName };
    return json(200, { ...state, queue_reached: worker.isReady, running: worker.running, version });
  }
  if (path !== '/ready') return json(404, { status: 'not found' });
  if (!worker.isReady)
    return json(503, { status: 'not ready', reason: 'QUEUE_URL is not reached' });
  if (!modelLoaded && !isLetGo)
    return json(503, { status: 'not ready', reason: `the model ${modelName} is not loaded` });
  return json(200, { status: 'ready' });
}

function json(status: number, body: object): Page {
  return { status, type: 'application/json', body: `${JSON.stringify(body)}\n` };
}
