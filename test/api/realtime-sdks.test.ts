import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { WebSocket } from 'ws';
import { projectRoot } from '#config/root.js';
import { pythonEnvironment } from '../clients/drivers/python.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { testFolder } from '../support/paths.js';
import { connectRealtime, soundAt, type Told } from '../support/realtime-client.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const KEY = 'sk-test-0123456789abcdefghij';
const COMPLETED = 'conversation.item.input_audio_transcription.completed';
const conversation = () =>
  soundAt(24_000, fixturePcm('two-speakers-clean').subarray(0, 17.2 * 16_000));
const python = pythonEnvironment();

/** OpenAI's SDK insists on TLS, which a proxy speaks as a rule: here its sockets go to the server itself. */
class PlainSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string[]) {
    super(String(url).replace(/^wss:/, 'ws:'), protocols);
  }
}

/** What both of the SDK's sockets have. */
type Realtime = OpenAIRealtimeWS | OpenAIRealtimeWebSocket;

describe('realtime sessions with the clients of OpenAI', () => {
  let server: TestServer;
  let openai: OpenAI;
  const usual = globalThis.WebSocket;
  before(async () => {
    server = await startTestServer({ API_KEYS: KEY });
    openai = new OpenAI({
      baseURL: `${server.url}/v1`,
      apiKey: KEY,
      // The test is no page: nobody reads the key here.
      dangerouslyAllowBrowser: true,
    });
    globalThis.WebSocket = PlainSocket as unknown as typeof globalThis.WebSocket;
  });
  after(async () => {
    globalThis.WebSocket = usual;
    await server?.close();
  });

  /** Transcribes the conversation by what the SDK's socket offers, and returns all events. */
  const transcribe = async (realtime: Realtime): Promise<RealtimeServerEvent[]> => {
    const events: RealtimeServerEvent[] = [];
    const problems: string[] = [];
    realtime.on('event', (event) => events.push(event));
    realtime.on('error', ({ message }) => problems.push(message));
    const has = (type: string) => events.some((event) => event.type === type);
    await until(() => has('session.created') || problems.length > 0, 'no session came');
    realtime.send({
      type: 'session.update',
      session: {
        type: 'transcription',
        audio: {
          input: {
            format: { type: 'audio/pcm', rate: 24_000 },
            transcription: { model: 'gpt-4o-transcribe-diarize', language: 'en' },
            noise_reduction: { type: 'near_field' },
            turn_detection: null,
          },
        },
      },
    });
    const bytes = conversation();
    for (let at = 0; at < bytes.length; at += 9600) {
      const audio = bytes.subarray(at, at + 9600).toString('base64');
      realtime.send({ type: 'input_audio_buffer.append', audio });
    }
    realtime.send({ type: 'input_audio_buffer.commit' });
    await until(() => has(COMPLETED) || problems.length > 0, 'nothing was completed');
    assert.deepEqual(problems, []);
    realtime.close();
    return events;
  };
  const assertTranscribed = (events: readonly Told[]) => {
    const types = new Set(events.map(({ type }) => type));
    for (const type of ['session.created', 'session.updated', 'conversation.item.added'])
      assert.ok(types.has(type), `no ${type}`);
    const segments = events.filter(({ type }) => type.endsWith('.segment'));
    assert.deepEqual([...new Set(segments.map(({ speaker }) => speaker))].sort(), ['A', 'B']);
    assert.match(events.find(({ type }) => type === COMPLETED)?.transcript, /electricity/);
  };

  it('transcribe by OpenAIRealtimeWS of the SDK for Node', async () => {
    const { hostname, port } = new URL(server.url);
    const options = { createConnection: () => connectTcp(Number(port), hostname) };
    const realtime = new OpenAIRealtimeWS({ model: 'gpt-realtime', options } as never, openai);
    assertTranscribed(await transcribe(realtime));
  });

  it('transcribe by OpenAIRealtimeWebSocket, with the key among the protocols', async () => {
    const browser = { model: 'gpt-4o-transcribe', dangerouslyAllowBrowser: true };
    assertTranscribed(await transcribe(new OpenAIRealtimeWebSocket(browser, openai)));
  });

  it('transcribe by a client secret that the SDK made, with the settings that it holds', async () => {
    const input = { transcription: { model: 'whisper-1' }, turn_detection: null };
    const { value, expires_at, session } = await openai.realtime.clientSecrets.create({
      expires_after: { anchor: 'created_at', seconds: 60 },
      session: { type: 'transcription', audio: { input } },
    });
    assert.match(value, /^ek_[\w-]+$/);
    assert.ok(Math.abs(expires_at - Date.now() / 1000 - 60) < 10);
    assert.equal('object' in session && session.object, 'realtime.transcription_session');
    const browser = new OpenAI({
      baseURL: `${server.url}/v1`,
      apiKey: value,
      dangerouslyAllowBrowser: true,
    });
    const realtime = new OpenAIRealtimeWebSocket(
      { model: 'gpt-realtime', dangerouslyAllowBrowser: true },
      browser,
    );
    const events = (await transcribe(realtime)) as readonly Told[];
    const created = events.find(({ type }) => type === 'session.created')?.session;
    assert.deepEqual(created.audio.input.transcription, { model: 'whisper-1' });
    assert.equal(created.audio.input.turn_detection, null);
    assertTranscribed(events);
    await assert.rejects(browser.models.list(), { status: 401 });
  });

  it('make sessions of the older shape', async () => {
    const made = await openai.beta.realtime.transcriptionSessions.create({
      input_audio_format: 'g711_ulaw',
      input_audio_transcription: { model: 'whisper-1', language: 'en' },
    });
    assert.equal(made.input_audio_format, 'g711_ulaw');
    const client = await connectRealtime(server.url, {
      headers: { authorization: `Bearer ${made.client_secret.value}` },
    });
    const { session } = await client.next('session.created');
    assert.deepEqual(session.audio.input.format, { type: 'audio/pcmu' });
    await client.close();
  });

  const noPython = 'missing' in python ? python.missing : !('websockets' in python.versions);
  it('transcribe by openai-python', { skip: noPython }, async () => {
    assert.ok('python' in python);
    const folder = await testFolder();
    const path = join(folder.path, 'talk.pcm');
    await writeFile(path, conversation());
    const script = join(projectRoot, 'test', 'clients', 'python', 'realtime.py');
    const args = ['-B', script, `${server.url}/v1`, KEY, path];
    const { stdout } = await promisify(execFile)(python.python, args);
    await folder.remove();
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Told);
    assertTranscribed(events);
    const completed = events.find(({ type }) => type === COMPLETED);
    assert.equal(completed?.class, 'ConversationItemInputAudioTranscriptionCompletedEvent');
    assert.deepEqual(completed?.usage, { type: 'duration', seconds: 18 });
  });

  // The AI SDK that has streamed transcription needs a newer Node than this project: its events, as its source has them.
  it('take what the AI SDK sends, all of it at once, and say no more than it stands', async () => {
    const client = await connectRealtime(server.url, {
      protocols: ['realtime', `openai-insecure-api-key.${KEY}`],
    });
    client.send({
      type: 'session.update',
      session: {
        type: 'transcription',
        audio: {
          input: {
            format: { type: 'audio/pcm', rate: 24_000 },
            transcription: { model: 'gpt-live-transcribe', languages: ['en'], delay: 'low' },
            turn_detection: null,
          },
        },
      },
    });
    client.sendSound(conversation(), 100_000);
    client.send({ type: 'input_audio_buffer.commit' });
    const completed = await client.next(COMPLETED);
    assert.match(completed.transcript, /electricity/);
    const deltas = client.all(COMPLETED.replace('completed', 'delta'));
    assert.equal(deltas.map(({ delta }) => delta).join(''), completed.transcript);
    assert.deepEqual(client.all('error'), []);
    assert.equal(client.all(COMPLETED).length, 1);
    await client.close();
  });
});
