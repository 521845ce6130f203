import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createRoom, type Room } from '#services/temp/room.js';
import { createTempStore, type TempStore } from '#services/temp/temp-store.js';
import { type Admission, createAdmission } from '#src/admission.js';
import { errorHandler } from '#src/middleware/error-handler.js';
import { requestContext } from '#src/middleware/request-context.js';
import { type UploadOptions, withUpload } from '#src/middleware/upload.js';
import { defaultTimings, type Timings } from '#src/timings.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from './paths.js';

export type UploadServer = {
  readonly url: string;
  readonly temp: TempStore;
  /** TEMP_DIR. */
  readonly root: string;
  readonly fieldRoom: Room;
  readonly admission: Admission;
  close(): Promise<void>;
};

/** A server that receives uploads as the gateway does, and answers how long they were instead of what is said. */
export async function startUploadServer(
  options: {
    readonly maxTempBytes?: number;
    readonly maxFieldBytes?: number;
    readonly timings?: Partial<Timings>;
    /** Work on an upload. Default: none. */
    readonly work?: () => Promise<void>;
    /** In place of the temporary folders of the gateway. */
    readonly changed?: (temp: TempStore) => TempStore;
  } = {},
): Promise<UploadServer> {
  const { maxTempBytes = 1e9, maxFieldBytes = 1e9, timings, work = async () => {} } = options;
  const { changed = (temp) => temp } = options;
  const root = await testFolder();
  const temp = createTempStore({ root: root.path, maxBytes: maxTempBytes, logger: silentLogger });
  const fieldRoom = createRoom({ limitBytes: maxFieldBytes });
  const admission = createAdmission({ maxRunning: 50, maxWaiting: 0, maxWaitSeconds: 1 });
  const deps: UploadOptions<unknown>['deps'] = {
    admission,
    temp: changed(temp),
    fieldRoom,
    stopping: new AbortController().signal,
    settings: { maxUploadBytes: 1e9 },
    timings: { ...defaultTimings, ...timings },
  };
  const app = express().use(requestContext({ logger: silentLogger }));
  app.post('/', async (request, response) => {
    const bytes = await withUpload({
      request,
      response,
      deps,
      prepare: async ({ file }) => {
        return async () => {
          await work();
          return file?.bytes;
        };
      },
    });
    response.json({ bytes });
  });
  app.use(errorHandler());
  const server = createServer(app).listen(0, '127.0.0.1');
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    temp,
    root: root.path,
    fieldRoom,
    admission,
    async close() {
      server.closeAllConnections();
      server.close();
      await temp.dispose();
      await root.remove();
    },
  };
}
