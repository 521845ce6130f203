import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { shortClip } from '../support/clips.js';
import { formOf, type JobClient, jobClient } from '../support/job-client.js';
import { type RemoteServer, startRemoteServer } from '../support/remote-server.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const SWITCHED_ON = { ENABLE_JOB_URLS: 'true', MAX_UPLOAD_BYTES: '1MB' };

/** The error that a job of this address is refused with. */
const refused = async (jobs: JobClient, url: string, files: Record<string, Buffer[]> = {}) => {
  const response = await jobs.post('', formOf(files, { url }));
  return { status: response.status, ...(await response.json()).error };
};

describe('jobs of recordings that are fetched', () => {
  let remote: RemoteServer;
  let server: TestServer;
  let jobs: JobClient;
  before(async () => {
    remote = await startRemoteServer((request, response) => {
      if (request.url === '/empty') response.end();
      else if (request.url === '/endless') {
        const write = () => response.write(Buffer.alloc(65_536), (error) => error ?? write());
        write();
      } else if (request.url === '/gone') response.writeHead(404).end();
      else if (request.url?.startsWith('/to/')) {
        const location = decodeURIComponent(request.url.slice('/to/'.length));
        response.writeHead(302, { location }).end();
      } else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end();
      else response.end(shortClip());
    });
    server = await startTestServer({ ...SWITCHED_ON, ALLOW_PRIVATE_ADDRESSES: 'true' });
    jobs = jobClient(server.url);
  });
  after(async () => {
    await server.close();
    await remote.close();
  });

  it('are jobs like others', async () => {
    const response = await jobs.post('', formOf({}, { url: `${remote.url}/talk%20one.wav` }));
    assert.equal(response.status, 202);
    const job = await response.json();
    assert.equal(job.file_name, 'talk one.wav');
    assert.equal(job.bytes, shortClip().length);
    await jobs.ended(job.id);
    assert.match((await (await jobs.result(job.id)).json()).text, /electricity/);
  });

  it('are found by their Idempotency-Key', async () => {
    const form = () => formOf({}, { url: `${remote.url}/again.wav` });
    const ids: string[] = [];
    for (const status of [202, 200]) {
      const response = await jobs.post('', form(), { 'idempotency-key': 'fetched' });
      assert.equal(response.status, status);
      ids.push((await response.json()).id);
    }
    assert.equal(ids[0], ids[1]);
    await jobs.ended(ids[0] ?? '');
  });

  it('are refused for what cannot be fetched, is empty, has no end or is not an address', async () => {
    const missing = await refused(jobs, `${remote.url}/gone`);
    assert.deepEqual([missing.status, missing.code], [400, 'url_unreachable']);
    const empty = await refused(jobs, `${remote.url}/empty`);
    assert.deepEqual([empty.status, empty.param], [400, 'file']);
    const endless = await refused(jobs, `${remote.url}/endless`);
    assert.deepEqual([endless.status, endless.code], [413, 'upload_too_large']);
    for (const url of ['file:///etc/passwd', 'data:audio/wav;base64,UklGRg==', 'talk.wav']) {
      const { status, param } = await refused(jobs, url);
      assert.deepEqual([status, param], [400, 'url'], url);
    }
    const both = await refused(jobs, `${remote.url}/a.wav`, { file: [shortClip()] });
    assert.deepEqual([both.status, both.param], [400, 'url']);
    assert.match(both.message, /either/);
  });

  it('are fetched from where their address leads on to, and refused where that may not be used', async () => {
    const other = await startRemoteServer((_, response) => response.end(shortClip()));
    const to = (address: string) => `${remote.url}/to/${encodeURIComponent(address)}`;
    const { id, ...made } = await jobs
      .post('', formOf({}, { url: to(`${other.url}/moved.wav`) }))
      .then((response) => response.json());
    assert.equal(made.file_name, 'moved.wav');
    assert.equal((await jobs.ended(id)).status, 'completed');
    await other.close();
    for (const address of [
      'file:///etc/passwd',
      'ftp://127.0.0.1/a.wav',
      'http://a:b@127.0.0.1/',
    ]) {
      const { status, param, message } = await refused(jobs, to(address));
      assert.deepEqual([status, param], [400, 'url'], address);
      assert.match(message, /leads on to one/);
    }
    assert.equal((await refused(jobs, `${remote.url}/round`)).code, 'url_unreachable');
  });

  it('leave nothing of what was not made', async () => {
    const uploads = await readdir(join(server.dataDir, 'uploads'), { recursive: true });
    assert.deepEqual(
      uploads.filter((path) => /[\\/]/.test(path)),
      [],
    );
    assert.doesNotMatch(JSON.stringify(server.logs), /talk%20one|talk one/);
  });

  it('are not fetched from this machine where that is not allowed', async () => {
    const guarded = await startTestServer(SWITCHED_ON);
    const { port } = new URL(remote.url);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '0.0.0.0']) {
      const url = `http://${host}:${port}/a.wav`;
      const { status, param, message } = await refused(jobClient(guarded.url), url);
      assert.deepEqual([status, param], [400, 'url'], url);
      assert.match(message, /public address/);
    }
    await guarded.close();
  });
});
