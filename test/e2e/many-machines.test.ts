import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { conversationClip } from '../support/clips.js';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.js';
import { testFolder } from '../support/paths.js';
import { eventually } from '../support/processes.js';
import { filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { startRedis } from '../support/redis-server.js';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js';

const PATIENCE_MS = 120_000;

describe('two gateways that leave their jobs to a worker', async () => {
  const redis = await startRedis({ keepsData: true });
  const skip =
    redis === undefined && 'redis-server is not installed (apt-get install redis-server)';
  const folder = await testFolder();
  let gateways: GatewayProcess[] = [];
  let worker: WorkerProcess | undefined;
  const jobs = (gateway: GatewayProcess | undefined, path = '') =>
    `${gateway?.url}/v1/audio/jobs${path}`;

  before(async () => {
    if (!redis) return;
    const env = {
      QUEUE_URL: redis.url,
      BLOB_URL: pathToFileURL(folder.path).href,
      JOB_CONCURRENCY: '0',
      ASR_HOSTS: '1',
      SPEAKER_HOSTS: '1',
    };
    gateways = [await startGatewayProcess(env), await startGatewayProcess(env)];
    worker = await startWorkerProcess(env);
  });
  after(async () => {
    await Promise.all([...gateways.map((gateway) => gateway.close()), worker?.close()]);
    await redis?.close();
    await folder.remove();
  });

  const post = (gateway: GatewayProcess | undefined) => {
    const parts = [...textParts({ model: 'whisper-1' }), filePart(conversationClip())];
    return rawRequest(jobs(gateway), { method: 'POST', ...multipart(parts) });
  };

  it('show the same job, its events and its result, whichever was asked to make it', {
    skip,
  }, async () => {
    const [first, second] = gateways;
    const answer = await post(first);
    assert.equal(answer.status, 202, answer.body);
    const { id } = JSON.parse(answer.body);
    const events = await rawRequest(jobs(second, `/${id}/events`));
    assert.match(events.body, /"completed"/);
    const results = await Promise.all(
      gateways.map((gateway) => rawRequest(jobs(gateway, `/${id}/result`))),
    );
    assert.equal(results[0]?.status, 200);
    assert.match(results[0]?.body ?? '', /We spent less on travel/);
    assert.equal(results[0]?.body, results[1]?.body);
    const removed = await rawRequest(jobs(second, `/${id}`), { method: 'DELETE' });
    assert.ok(removed.status < 300, removed.body);
    assert.equal((await rawRequest(jobs(first, `/${id}`))).status, 404);
  });

  it('refuse jobs with 503 and Retry-After while Redis is away, and transcribe at once all the same', {
    skip,
  }, async () => {
    const [first] = gateways;
    await redis?.stop();
    const answer = await post(first);
    assert.equal(answer.status, 503);
    assert.match(answer.body, /jobs_unavailable/);
    assert.ok(answer.headers['retry-after']);
    assert.equal((await rawRequest(jobs(first))).status, 503);
    assert.equal((await first?.transcribe(conversationClip()))?.status, 200);
    await redis?.start();
    await eventually(
      'jobs are taken again',
      async () => (await post(first)).status === 202,
      PATIENCE_MS,
    );
  });
});
