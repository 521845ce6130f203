import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { conversationClip, shortClip } from '../support/clips.js';
import { type AnsweredJob, formOf, type JobClient, jobClient } from '../support/job-client.js';
import { filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

describe('a batch of jobs', () => {
  let server: TestServer;
  let jobs: JobClient;
  before(async () => {
    server = await startTestServer();
    jobs = jobClient(server.url);
  });
  after(() => server.close());

  const ended = async (id: string) => {
    let summary = await jobs.read(`/batch/${id}`);
    const isOver = async () => {
      summary = await jobs.read(`/batch/${id}`);
      return summary.completed_at !== null;
    };
    await until(isOver, 'the batch has not ended', { seconds: 180 });
    return summary;
  };

  it('has a job for each recording, in their order, and sums them up', async () => {
    const clips = [shortClip(), conversationClip(), shortClip()];
    const response = await jobs.post(
      '/batch',
      formOf({ 'file[]': clips }, { response_format: 'text', diarize: 'true' }),
    );
    assert.equal(response.status, 202);
    const batch = await response.json();
    assert.deepEqual(Object.keys(batch), ['id', 'object', 'jobs', 'failed', 'links']);
    assert.equal(batch.object, 'transcription.batch');
    assert.equal(response.headers.get('location'), batch.links.self);
    assert.deepEqual(batch.failed, []);
    assert.deepEqual(
      batch.jobs.map(({ file_name }: AnsweredJob) => file_name),
      ['talk-0.wav', 'talk-1.wav', 'talk-2.wav'],
    );
    const summary = await ended(batch.id);
    assert.deepEqual(summary.counts, {
      total: 3,
      pending: 0,
      processing: 0,
      completed: 3,
      failed: 0,
      cancelled: 0,
    });
    assert.equal(summary.progress, 1);
    assert.ok(Math.abs(summary.audio_seconds - 2 * 4.6 - 17.2) < 0.01);
    const texts = await Promise.all(
      batch.jobs.map(async ({ id, batch_id }: AnsweredJob) => {
        assert.equal(batch_id, batch.id);
        return (await jobs.result(id)).text();
      }),
    );
    assert.equal(texts[0], texts[2]);
    assert.match(texts[1] as string, /^A: [\s\S]*\nB: /);

    const listed = await fetch(server.url + batch.links.jobs).then((answer) => answer.json());
    const idsOf = (list: AnsweredJob[]) => list.map(({ id }) => id);
    assert.deepEqual(idsOf(listed.data), idsOf(batch.jobs).reverse());
  });

  it('knows the voices that are sent along in each recording', async () => {
    const voice = `data:audio/wav;base64,${shortClip().toString('base64')}`;
    const { id, jobs: made } = await jobs.createBatch([shortClip(), conversationClip()], {
      'known_speaker_names[]': ['Maria'],
      'known_speaker_references[]': [voice],
      response_format: 'diarized_json',
    });
    assert.equal((await ended(id)).counts.completed, 2);
    for (const job of made) {
      const { segments } = await (await jobs.result(job.id)).json();
      assert.equal(segments[0].speaker, 'Maria');
    }
  });

  it('lists a recording of which no job can be made, and makes the others', async () => {
    const batch = await jobs.createBatch([shortClip(), Buffer.alloc(0), shortClip()]);
    assert.equal(batch.jobs.length, 2);
    assert.equal(batch.failed.length, 1);
    const [{ index, file_name, error }] = batch.failed;
    assert.deepEqual([index, file_name, error.param], [1, 'talk-1.wav', 'file']);
    assert.match(error.message, /empty/);
    assert.equal((await ended(batch.id)).counts.completed, 2);
  });

  it('has failed jobs beside completed ones where a recording turns out to be none', async () => {
    const { id } = await jobs.createBatch([Buffer.from('hello'.repeat(500)), shortClip()]);
    const { counts, progress } = await ended(id);
    assert.deepEqual([counts.completed, counts.failed, progress], [1, 1, 1]);
  });

  it('is refused where no job could be made of any recording', async () => {
    const response = await jobs.post('/batch', formOf({ 'file[]': [Buffer.alloc(0)] }));
    assert.equal(response.status, 400);
    assert.match((await response.json()).error.message, /empty/);
  });

  it('takes parts that are called `file`, and parts without a file name', async () => {
    const nameless = { name: 'file[]', value: shortClip() };
    const parts = [filePart(shortClip()), nameless, ...textParts({ model: 'whisper-1' })];
    const { status, body } = await rawRequest(`${server.url}/v1/audio/jobs/batch`, {
      method: 'POST',
      ...multipart(parts),
    });
    assert.equal(status, 202, body);
    const { id, jobs: made } = JSON.parse(body);
    assert.deepEqual(
      made.map(({ file_name }: AnsweredJob) => file_name),
      ['audio.wav', 'unnamed'],
    );
    assert.equal((await ended(id)).counts.completed, 2);
  });

  it('holds hundreds of recordings', async () => {
    const broken = Array.from({ length: 400 }, () => Buffer.from('x'));
    const { id, jobs: made } = await jobs.createBatch(broken);
    assert.equal(made.length, 400);
    const { counts, progress } = await jobs.read(`/batch/${id}`);
    assert.equal(counts.total, 400);
    assert.equal(counts.pending + counts.processing + counts.failed, 400);
    assert.ok(progress < 1);
  });

  it('is gone with its jobs', async () => {
    const { id, jobs: made } = await jobs.createBatch([shortClip()]);
    await jobs.remove(made[0].id);
    assert.equal((await jobs.send(`/batch/${id}`)).status, 404);
  });
});
