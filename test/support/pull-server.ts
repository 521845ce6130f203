import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Catalogue } from '#services/model-manager/catalogue.js';
import { createModelStore, type ModelStore } from '#services/model-manager/store.js';
import { createKeyRing } from '#src/access/key-ring.js';
import type { AppDeps } from '#src/app-deps.js';
import { errorHandler } from '#src/middleware/error-handler.js';
import { requestContext } from '#src/middleware/request-context.js';
import { modelRoutes } from '#src/routes/models.js';
import { silentLogger } from '#utils/logging/logger.js';

export type PullServer = {
  readonly url: string;
  readonly store: ModelStore;
  /** As the gateway does when it is to stop. */
  stop(reason: unknown): void;
  close(): Promise<void>;
};

/** The gateway's routes about models, for a catalogue of a test, without engines. */
export async function startPullServer(options: {
  readonly catalogue: Catalogue;
  readonly modelsDir: string;
  readonly adminKeys: readonly string[];
}): Promise<PullServer> {
  const { catalogue, modelsDir, adminKeys } = options;
  const store = createModelStore({ catalogue, modelsDir });
  const draining = new AbortController();
  const keys = await createKeyRing({ keys: [], adminKeys, file: null, logger: silentLogger });
  const state = {
    modelLoaded: false,
    modelName: 'recogniser',
    isLetGo: false,
    hosts: [],
    pools: [],
  };
  const app = express();
  app.use(requestContext({ logger: silentLogger }));
  app.use(
    modelRoutes({
      catalogue,
      store,
      aliases: new Map(),
      settings: { model: 'whisper-1', speakerDiarization: 'auto' } as AppDeps['settings'],
      manager: { state: () => state } as unknown as AppDeps['manager'],
      access: { keys } as AppDeps['access'],
      draining: draining.signal,
      startedAt: new Date(),
    }),
  );
  app.use(errorHandler());
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    store,
    stop: (reason) => draining.abort(reason),
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
