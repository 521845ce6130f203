import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { after, describe, it } from 'node:test';
import { fixturePcm } from '../support/fixture-pcm.js';
import { connectRealtime, type RealtimeClient, soundAt } from '../support/realtime-client.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const COMPLETED = 'conversation.item.input_audio_transcription.completed';
const sentence = () => soundAt(24_000, fixturePcm('two-speakers-clean').subarray(0, 4.6 * 16_000));

/** Nothing but what the client commits ends an utterance from here on. */
async function commitByHand(client: RealtimeClient): Promise<void> {
  client.send({
    type: 'session.update',
    session: { audio: { input: { turn_detection: null } } },
  });
  await client.next('session.updated');
}

describe('a realtime session ends', () => {
  const servers: TestServer[] = [];
  const start: typeof startTestServer = async (env, options) => {
    const server = await startTestServer(env, options);
    servers.push(server);
    return server;
  };
  after(() => Promise.all(servers.map((server) => server.close())));

  /** Why sessions of a server ended, in order. */
  const reasons = (server: TestServer) =>
    server.logs
      .filter(({ message }) => message === 'Realtime session ended')
      .map(({ fields }) => fields.reason);
  const untilEnded = (server: TestServer, count: number) =>
    until(() => reasons(server).length === count, 'a session has not ended');
  const assertNothingLeft = async (server: TestServer) => {
    let page = '';
    const isAtRest = async () => {
      page = await (await fetch(`${server.url}/metrics`)).text();
      const isIdle = !/^whosaid_engine_hosts\{.*state="busy".*\} [1-9]/m.test(page);
      return isIdle && /^whosaid_realtime_sessions 0$/m.test(page);
    };
    await until(isAtRest, 'something is left of a session');
    assert.match(page, /^whosaid_engine_queue\{.*\} 0$/m);
  };

  it('with its client, in the midst of an utterance, and leaves nothing behind', async () => {
    const server = await start();
    const polite = await connectRealtime(server.url);
    polite.sendSound(sentence());
    await polite.close();
    await untilEnded(server, 1);
    const rude = await connectRealtime(server.url);
    rude.sendSound(sentence());
    await rude.next('input_audio_buffer.speech_started');
    rude.socket.terminate();
    await untilEnded(server, 2);
    assert.deepEqual(reasons(server), ['client', 'client']);
    await assertNothingLeft(server);
    assert.deepEqual(
      server.logs.filter(({ level }) => level === 'error'),
      [],
    );
  });

  it('when it brings no sound for too long, and says so', async () => {
    const server = await start({ REALTIME_IDLE_SECONDS: '1' });
    const client = await connectRealtime(server.url);
    client.sendSound(sentence());
    const { error } = await client.next('error');
    assert.equal(error.code, 'session_idle');
    assert.match(error.message, /no sound for 1 seconds \(REALTIME_IDLE_SECONDS\)/);
    assert.deepEqual(await client.closed(), { code: 1008, reason: 'session_idle' });
    assert.ok(client.all(COMPLETED).length > 0, 'what it had sent was not transcribed');
    await assertNothingLeft(server);
  });

  it('when its time is over, with all that was said until then', async () => {
    const server = await start({ REALTIME_SESSION_SECONDS: '2' });
    const client = await connectRealtime(server.url);
    await commitByHand(client);
    client.sendSound(sentence());
    const { error } = await client.next('error');
    assert.equal(error.code, 'session_expired');
    assert.deepEqual(await client.closed(), { code: 1001, reason: 'session_expired' });
    assert.match(client.all(COMPLETED)[0]?.transcript, /electricity/);
    // Too late, and without harm.
    client.send({ type: 'input_audio_buffer.append', audio: 'AAAA' });
    assert.deepEqual(reasons(server), ['expired']);
  });

  it('at an event that is too large, and says how large one may be', async () => {
    const server = await start();
    const client = await connectRealtime(server.url);
    const audio = 'A'.repeat(16 * 2 ** 20);
    client.send({ type: 'input_audio_buffer.append', audio });
    const { code, reason } = await client.closed();
    assert.equal(code, 1009);
    assert.match(reason, /15 MiB.*smaller pieces/);
    await assertNothingLeft(server);
  });

  it('when nobody is there any more', async () => {
    const server = await start({}, { timings: { realtimePingMs: 200 } });
    const there = await connectRealtime(server.url);
    const { hostname, port } = new URL(server.url);
    // Takes what comes, and never answers.
    const gone = connectTcp(Number(port), hostname);
    gone.resume();
    gone.write(handshake(hostname));
    await untilEnded(server, 1);
    assert.deepEqual(reasons(server), ['lost']);
    assert.equal(there.socket.readyState, there.socket.OPEN);
    await there.close();
    gone.destroy();
  });

  it('when its client reads nothing of what it is told', async () => {
    const server = await start();
    const client = await connectRealtime(server.url);
    client.socket.pause();
    const event = `{"type":"x","event_id":"${'y'.repeat(50)}"}`;
    const closed = () => reasons(server).length > 0;
    for (let sent = 0; sent < 100_000 && !closed(); sent += 1000) {
      for (let count = 0; count < 1000; count++) client.socket.send(event);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await untilEnded(server, 1);
    assert.deepEqual(reasons(server), ['slow']);
    client.socket.terminate();
  });

  it('commits by itself what is too much to be held', async () => {
    const server = await start({ REALTIME_BUFFER_SECONDS: '4' });
    const client = await connectRealtime(server.url);
    await commitByHand(client);
    client.sendSound(sentence(), 24_000);
    await client.next(COMPLETED);
    assert.equal(client.all('input_audio_buffer.committed').length, 1);
    client.send({ type: 'input_audio_buffer.commit' });
    await client.next(COMPLETED);
    await client.close();
  });

  it('with the server, which transcribes what it has and refuses others', async () => {
    const server = await startTestServer();
    const client = await connectRealtime(server.url);
    await commitByHand(client);
    client.sendSound(sentence());
    client.send({ type: 'input_audio_buffer.commit' });
    await client.next('input_audio_buffer.committed');
    client.sendSound(sentence());
    // What is on its way counts as well.
    client.send({ type: 'session.update', session: {} });
    await client.next('session.updated');
    const stopped = server.close();
    assert.deepEqual(await client.closed(), { code: 1001, reason: 'stopping' });
    await stopped;
    const texts = client.all(COMPLETED).map(({ transcript }) => transcript);
    assert.equal(texts.length, 2);
    for (const text of texts) assert.match(text, /electricity/);
    assert.deepEqual(reasons(server), ['stopping']);
  });

  it('with the server even where its client does not answer', async () => {
    const server = await startTestServer({ SHUTDOWN_GRACE_SECONDS: '2' });
    const { hostname, port } = new URL(server.url);
    const gone = connectTcp(Number(port), hostname);
    gone.write(handshake(hostname));
    await once(gone, 'data');
    await server.close();
    assert.deepEqual(reasons(server), ['stopping']);
    gone.destroy();
  });
});

function handshake(host: string): string {
  return [
    'GET /v1/realtime HTTP/1.1',
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');
}
