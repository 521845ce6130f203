import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { conversationClip, shortClip } from '../support/clips.js';
import { formOf, type JobClient, jobClient } from '../support/job-client.js';
import { testFolder } from '../support/paths.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const FIELDS = { response_format: 'srt', diarize: 'true' };

describe('requests for jobs that are sent again', () => {
  let server: TestServer;
  let jobs: JobClient;
  let data: Awaited<ReturnType<typeof testFolder>>;
  before(async () => {
    data = await testFolder();
    server = await startTestServer({ DATA_DIR: data.path });
    jobs = jobClient(server.url);
  });
  after(async () => {
    await server.close();
    await data.remove();
  });

  const send = async (
    key: string,
    options: { audio?: Buffer; fields?: Record<string, string>; path?: string } = {},
  ) => {
    const { audio = shortClip(), fields = FIELDS, path = '' } = options;
    const files = path === '' ? { file: [audio] } : { 'file[]': [audio, shortClip()] };
    const response = await jobs.post(path, formOf(files, fields), { 'idempotency-key': key });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

  it('find the job that the first one made, whatever has become of it', async () => {
    const first = await send('one');
    const again = await send('one', { fields: { diarize: 'true', response_format: 'srt' } });
    assert.deepEqual([first.status, again.status], [202, 200]);
    assert.equal(again.body.id, first.body.id);
    assert.equal(again.headers.get('location'), first.headers.get('location'));
    await jobs.ended(first.body.id);
    const later = await send('one');
    assert.deepEqual([later.status, later.body.status], [200, 'completed']);
    assert.equal((await jobs.read('')).data.length, 1);
  });

  it('are refused with 409 where they are another request', async () => {
    await send('two');
    for (const other of [{ audio: conversationClip() }, { fields: { response_format: 'vtt' } }]) {
      const { status, headers, body } = await send('two', other);
      assert.equal(status, 409);
      assert.equal(body.error.code, 'idempotency_conflict');
      assert.equal(headers.get('x-should-retry'), 'false');
    }
  });

  it('make one job, however many of them come at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => send('many')));
    assert.deepEqual(new Set(answers.map(({ body }) => body.id)).size, 1);
    assert.equal(answers.filter(({ status }) => status === 202).length, 1);
  });

  it('find the batch that the first one made', async () => {
    const first = await send('batch', { path: '/batch' });
    const again = await send('batch', { path: '/batch' });
    assert.deepEqual([first.status, again.status], [202, 200]);
    assert.equal(again.body.id, first.body.id);
    const idsOf = (body: { jobs: { id: string }[] }) => body.jobs.map(({ id }) => id);
    assert.deepEqual(idsOf(again.body), idsOf(first.body));
    const other = await send('batch', { path: '/batch', audio: conversationClip() });
    assert.equal(other.status, 409);
    // A single job is another request, and its key its own.
    assert.equal((await send('batch')).status, 202);
  });

  it('find it at the next server, too', async () => {
    const { body } = await send('restart');
    await server.close();
    server = await startTestServer({ DATA_DIR: data.path });
    jobs = jobClient(server.url);
    const again = await send('restart');
    assert.deepEqual([again.status, again.body.id], [200, body.id]);
    await jobs.ended(body.id);
  });
});
