import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fixturePcm } from '../support/fixture-pcm.js';
import { jobClient } from '../support/job-client.js';
import { connectRealtime, type RealtimeClient, soundAt } from '../support/realtime-client.js';
import { startTestServer, type TestServer } from '../support/start-server.js';
import { wavOf } from '../support/voices.js';

const COMPLETED = 'conversation.item.input_audio_transcription.completed';
const SESSIONS = 3;
const UTTERANCES = 3;

describe('realtime sessions beside a long recording', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server?.close());

  it('have their utterances completed while it is worked on, and it is completed as well', async () => {
    const jobs = jobClient(server.url);
    const whole = fixturePcm('two-speakers-clean');
    const long = new Int16Array(10 * whole.length);
    for (let at = 0; at < long.length; at += whole.length) long.set(whole, at);
    const job = await jobs.create(wavOf(long));
    const clients = await Promise.all(
      Array.from({ length: SESSIONS }, () => connectRealtime(server.url)),
    );
    await Promise.all(clients.map(speak));
    const { status } = await jobs.get(job.id);
    assert.equal(status, 'processing');
    await Promise.all(clients.map((client) => client.close()));
    assert.equal((await jobs.ended(job.id)).status, 'completed');
  });

  async function speak(client: RealtimeClient): Promise<void> {
    client.send({
      type: 'session.update',
      session: { audio: { input: { turn_detection: null } } },
    });
    const sentence = soundAt(24_000, fixturePcm('two-speakers-clean').subarray(0, 4.6 * 16_000));
    for (let count = 0; count < UTTERANCES; count++) {
      client.sendSound(sentence);
      client.send({ type: 'input_audio_buffer.commit' });
      const { transcript } = await client.next(COMPLETED);
      assert.match(transcript, /electricity/);
    }
  }
});
