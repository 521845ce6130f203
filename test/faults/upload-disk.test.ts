import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rmdir } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import express from 'express';
import { createRoom } from '#services/temp/room.js';
import { createTempStore } from '#services/temp/temp-store.js';
import { createAdmission } from '#src/admission.js';
import { errorHandler } from '#src/middleware/error-handler.js';
import { requestContext } from '#src/middleware/request-context.js';
import { withUpload } from '#src/middleware/upload.js';
import { defaultTimings } from '#src/timings.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from '../support/paths.js';
import { filePart, multipart } from '../support/raw-http.js';

describe('an upload whose folder the disk takes away', () => {
  const endings: (() => Promise<unknown> | unknown)[] = [];
  after(async () => {
    for (const end of endings.reverse()) await end();
  });

  it('is answered at once with what happened, without waiting for the rest of the body', async () => {
    const root = await testFolder();
    const temp = createTempStore({ root: root.path, logger: silentLogger });
    endings.push(root.remove, temp.dispose);
    const admission = createAdmission({ maxRunning: 1, maxWaiting: 0, maxWaitSeconds: 1 });
    const settings = { maxUploadBytes: 1e9 };
    const app = express().use(requestContext({ logger: silentLogger }));
    app.post('/', async (request, response) => {
      const vanishing = {
        ...temp,
        folder: async () => {
          const folder = await temp.folder();
          await rmdir(folder.path);
          return folder;
        },
      };
      const prepare = async () => assert.fail('there is nothing to work on');
      const deps = {
        admission,
        temp: vanishing,
        fieldRoom: createRoom({ limitBytes: 1e6 }),
        stopping: new AbortController().signal,
        settings,
        timings: defaultTimings,
      };
      await withUpload({ request, response, deps, prepare });
    });
    app.use(errorHandler());
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    endings.push(() => server.close());

    const { headers, body } = multipart([filePart(Buffer.alloc(100_000))]);
    const request = httpRequest({
      port: (server.address() as AddressInfo).port,
      host: '127.0.0.1',
      method: 'POST',
      headers: { ...headers, 'content-length': 500_000_000 },
    });
    endings.push(() => request.destroy());
    request.on('error', () => {});
    request.write(body.subarray(0, 90_000));
    const [response] = await once(request, 'response');
    assert.equal(response.statusCode, 500);
    assert.equal(JSON.parse(await text(response)).error.code, 'storage_lost');
    const { receiving, waiting, running } = admission.state();
    assert.deepEqual({ receiving, waiting, running }, { receiving: 0, waiting: 0, running: 0 });
    assert.equal(temp.usedBytes(), 0);
  });
});
