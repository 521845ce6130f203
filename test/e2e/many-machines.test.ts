import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { conversationClip, shortClip } from '../support/clips.js';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.js';
import { testFolder } from '../support/paths.js';
import { eventually } from '../support/processes.js';
import {
  filePart,
  multipart,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
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
      RESULT_CACHE_BYTES: '10MB',
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

  const post = (
    gateway: GatewayProcess | undefined,
    { audio = conversationClip(), ...fields }: { audio?: Buffer; diarize?: string } = {},
  ) => {
    const parts = [...textParts({ model: 'whisper-1', ...fields }), filePart(audio)];
    return rawRequest(jobs(gateway), { method: 'POST', ...multipart(parts) });
  };

  const jobOf = async ({ body }: RawResponse, gateway: GatewayProcess | undefined) => {
    const { id } = JSON.parse(body);
    let job = { id, status: '', cached: false };
    await eventually(
      'the job is completed',
      async () => {
        job = JSON.parse((await rawRequest(jobs(gateway, `/${id}`))).body);
        return job.status === 'completed';
      },
      PATIENCE_MS,
    );
    return job;
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

  it('answer what any of them has transcribed before at once, and say so', { skip }, async () => {
    const [first, second] = gateways;
    const fields = { diarize: 'true', response_format: 'diarized_json' };
    const marked = ({ headers }: RawResponse | undefined = {} as RawResponse) =>
      headers['x-whosaid-cache'];
    const made = await first?.transcribe(shortClip(), fields);
    assert.equal(made?.status, 200, made?.body);
    assert.equal(marked(made), undefined);
    const again = await second?.transcribe(shortClip(), fields);
    assert.equal(marked(again), 'hit');
    assert.equal(again?.body, made?.body);
    // Jobs find it, too.
    const job = await jobOf(await post(second, { audio: shortClip(), diarize: 'true' }), first);
    assert.deepEqual([job.status, job.cached], ['completed', true]);
    const result = await rawRequest(jobs(first, `/${job.id}/result?response_format=diarized_json`));
    assert.equal(marked(result), 'hit');
    assert.deepEqual(JSON.parse(result.body), JSON.parse(made?.body ?? ''));
    // What a job has made is found by requests: the first test had one made.
    assert.equal(marked(await second?.transcribe(conversationClip())), 'hit');
    assert.equal(marked(await second?.transcribe(conversationClip(), fields)), undefined);
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
