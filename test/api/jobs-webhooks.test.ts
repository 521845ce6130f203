import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { shortClip } from '../support/clips.js';
import { filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

type Delivery = { readonly headers: IncomingHttpHeaders; readonly body: string };

describe('the webhook of a job', () => {
  let server: TestServer;
  let receiver: Server;
  let url: string;
  const deliveries: Delivery[] = [];
  /** Answers of the receiver, the first one first; 204 when there are none left. */
  const statuses: number[] = [];

  before(async () => {
    receiver = createServer(async (request, response) => {
      let body = '';
      for await (const piece of request) body += piece;
      deliveries.push({ headers: request.headers, body });
      response.writeHead(statuses.shift() ?? 204).end();
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/told`;
    server = await startTestServer({ ALLOW_PRIVATE_ADDRESSES: 'true' });
  });
  after(async () => {
    await server.close();
    receiver.close();
  });

  const createJob = async (fields: Record<string, string>) => {
    const parts = [...textParts({ model: 'whisper-1', ...fields }), filePart(shortClip())];
    const request = { method: 'POST', ...multipart(parts) };
    return rawRequest(`${server.url}/v1/audio/jobs`, request);
  };
  const jobOf = async (id: string) =>
    JSON.parse((await rawRequest(`${server.url}/v1/audio/jobs/${id}`)).body);

  it('is told of its end, signed with the secret in DATA_DIR, and the job says so', async () => {
    const { id } = JSON.parse((await createJob({ webhook_url: url })).body);
    await until(() => deliveries.length === 1, 'nothing was delivered');
    const [{ headers, body }] = deliveries as [Delivery];
    const secret = (await readFile(join(server.dataDir, 'webhook-secret'), 'utf8')).trim();
    const verified = new Webhook(secret).verify(body, headers as Record<string, string>) as {
      type: string;
      data: { id: string; status: string };
    };
    assert.equal(verified.type, 'transcription.job.completed');
    assert.equal(verified.data.id, id);
    assert.equal(verified.data.status, 'completed');
    assert.doesNotMatch(body, /travel|electricity/i);
    await until(
      async () => (await jobOf(id)).webhook.deliveries.length === 1,
      'the delivery is not in the job',
    );
    assert.equal((await jobOf(id)).webhook.deliveries[0].status, 204);
  });

  it('is told again where it failed', async () => {
    deliveries.length = 0;
    statuses.push(500);
    const { id } = JSON.parse((await createJob({ webhook_url: url })).body);
    await until(() => deliveries.length === 2, 'it was not delivered twice');
    const ids = deliveries.map(({ headers }) => headers['webhook-id']);
    assert.equal(ids[0], ids[1]);
    await until(
      async () => (await jobOf(id)).webhook.deliveries.length === 2,
      'the deliveries are not in the job',
    );
  });

  it('cannot be in a private network unless the operator allows it', async () => {
    const strict = await startTestServer();
    try {
      const parts = [...textParts({ model: 'whisper-1', webhook_url: url }), filePart(shortClip())];
      const request = { method: 'POST', ...multipart(parts) };
      const answer = await rawRequest(`${strict.url}/v1/audio/jobs`, request);
      assert.equal(answer.status, 400);
      const { error } = JSON.parse(answer.body);
      assert.equal(error.param, 'webhook_url');
    } finally {
      await strict.close();
    }
  });
});
