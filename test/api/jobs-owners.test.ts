import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { shortClip } from '../support/clips.js';
import { type JobClient, jobClient } from '../support/job-client.js';
import { testFolder } from '../support/paths.js';
import { assertError, rawRequest } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const KEYS = ['sk-alice-0123456789abcdefghij', 'sk-bruno-0123456789abcdefghij'] as const;
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('jobs of a server with keys', () => {
  let data: Awaited<ReturnType<typeof testFolder>>;
  let server: TestServer;
  let alice: JobClient;
  let bruno: JobClient;
  before(async () => {
    data = await testFolder();
    server = await startTestServer({ API_KEYS: KEYS.join(','), DATA_DIR: data.path });
    alice = jobClient(server.url, bearer(KEYS[0]));
    bruno = jobClient(server.url, bearer(KEYS[1]));
  });
  after(async () => {
    await server.close();
    await data.remove();
  });

  it('are there for the key that made them, and for no other', async () => {
    const { id, jobs: made } = await alice.createBatch([shortClip()]);
    const jobId = made[0].id;
    await alice.ended(jobId);
    const headers = bearer(KEYS[1]);
    const requests = [
      { path: `/v1/audio/jobs/${jobId}` },
      { path: `/v1/audio/jobs/${jobId}/result` },
      { path: `/v1/audio/jobs/${jobId}/transcript` },
      { path: `/v1/audio/jobs/${jobId}/events` },
      { path: `/v1/audio/jobs/${jobId}/cancel`, method: 'POST' },
      { path: `/v1/audio/jobs/${jobId}`, method: 'DELETE' },
    ];
    for (const { path, method = 'GET' } of requests) {
      const response = await rawRequest(server.url + path, { method, headers });
      assertError(response, { status: 404, code: 'job_not_found' });
      // Word for word what is said of a job that never was.
      const never = '00000000-0000-4000-8000-000000000000';
      const unknown = await rawRequest(server.url + path.replace(jobId, never), {
        method,
        headers,
      });
      assert.equal(unknown.body.replaceAll(never, jobId), response.body);
    }
    for (const path of ['status', 'result']) {
      const { status } = await rawRequest(`${server.url}/jobs/${jobId}/${path}`, { headers });
      assert.equal(status, 404);
    }
    assert.equal((await bruno.send(`/batch/${id}`)).status, 404);
    assert.deepEqual((await bruno.read('')).data, []);
    assert.deepEqual((await bruno.read(`?batch=${id}`)).data, []);
    const after = await bruno.send(`?after=${jobId}`);
    assert.equal((await after.json()).error.param, 'after');
    assert.equal((await alice.get(jobId)).status, 'completed');
    assert.equal((await alice.read('')).data.length, 1);
  });

  it('are another job for another key with the same Idempotency-Key', async () => {
    const again = { 'idempotency-key': 'shared' };
    const ours = await alice.create(shortClip(), {}, again);
    const theirs = await bruno.create(shortClip(), {}, again);
    assert.notEqual(ours.id, theirs.id);
    await alice.ended(ours.id);
    await bruno.ended(theirs.id);
  });

  it('are not to be had without a key', async () => {
    for (const path of ['/v1/audio/jobs', '/audio/jobs/x', '/v1/audio/jobs/x/events']) {
      assertError(await rawRequest(server.url + path), {
        status: 401,
        code: null,
      });
    }
  });

  it('are nobody else’s when the server is run without keys, and there again with them', async () => {
    const { id } = await alice.create(shortClip());
    await alice.ended(id);
    await server.close();
    server = await startTestServer({ DATA_DIR: data.path });
    const anyone = jobClient(server.url, bearer(KEYS[0]));
    assert.equal((await anyone.send(`/${id}`)).status, 404);
    await server.close();
    server = await startTestServer({ API_KEYS: KEYS.join(','), DATA_DIR: data.path });
    alice = jobClient(server.url, bearer(KEYS[0]));
    bruno = jobClient(server.url, bearer(KEYS[1]));
    assert.equal((await alice.get(id)).status, 'completed');
  });
});
