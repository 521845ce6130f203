import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import OpenAI, { BadRequestError, toFile } from 'openai';
import { parseSync } from 'subtitle';
import { createDiarized } from '../support/diarized.js';
import { rawRequest } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';
import { piece, stereoCall, voiceSample, wavOf } from '../support/voices.js';

const CLIP_SECONDS = 17.2;
const ALICE = /spent less on travel/i;
const BRUNO = /one working chamber/i;

describe('channels=split, a call with one speaker on each channel', () => {
  let server: TestServer;
  let client: OpenAI;
  before(async () => {
    server = await startTestServer();
    client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
  });
  after(() => server.close());
  afterEach(async () => assert.deepEqual(await server.leftovers(), []));

  const call = async (fields: Record<string, unknown> = {}, file = stereoCall(CLIP_SECONDS)) => ({
    file: await toFile(file, 'call.wav'),
    model: 'whisper-1',
    ...({ channels: 'split', ...fields } as object),
  });
  const diarized = async (fields: Record<string, unknown> = {}, file?: Buffer) =>
    createDiarized(client, await call(fields, file));
  const saidBy = (segments: readonly { speaker: string; text: string }[], name: string) =>
    segments.flatMap(({ speaker, text }) => (speaker === name ? text : [])).join('');

  it('tells who spoke by the channel, in order of time', async () => {
    const { segments, duration } = await diarized();
    assert.match(saidBy(segments, 'Left'), ALICE);
    assert.match(saidBy(segments, 'Right'), BRUNO);
    assert.doesNotMatch(saidBy(segments, 'Left'), BRUNO);
    assert.ok(segments.every(({ speaker }) => ['Left', 'Right'].includes(speaker)));
    segments.forEach(({ id, start }, index) => {
      assert.equal(id, `seg_${index}`);
      assert.ok(start >= (segments[index - 1]?.start ?? 0));
    });
    assert.ok(Math.abs(duration - CLIP_SECONDS) < 0.01);
  });

  it('takes names without references, also inside extra_body', async () => {
    const known_speaker_names = ['Agent', 'Kundin Ü'];
    for (const fields of [{ known_speaker_names }, { extra_body: { known_speaker_names } }]) {
      const { segments } = await diarized(fields);
      assert.match(saidBy(segments, 'Agent'), ALICE);
      assert.match(saidBy(segments, 'Kundin Ü'), BRUNO);
    }
  });

  it('gives json its segments, since a field of ours asked for them', async () => {
    const transcription = await client.audio.transcriptions.create(await call());
    assert.deepEqual(Object.keys(transcription), ['text', 'segments', 'usage']);
  });

  it('gives subtitles and text their names', async () => {
    const bodies: string[] = [];
    for (const response_format of ['srt', 'vtt', 'text'] as const) {
      const body: unknown = await client.audio.transcriptions.create({
        ...(await call()),
        response_format,
      });
      bodies.push(String(body));
    }
    const [srt = '', vtt = '', text = ''] = bodies;
    for (const node of parseSync(srt)) {
      if (node.type === 'cue') assert.match(node.data.text, /^(Left|Right): \S/);
    }
    assert.match(vtt, /<v Left>.*<v Right>/s);
    assert.match(text, /^Left: .*\nRight: .*\nLeft: .*\n$/);
  });

  it('hears one speaker where the other channel is silent', async () => {
    const voice = voiceSample('Alice');
    const file = wavOf([new Int16Array(voice.length), voice]);
    const { segments } = await diarized({}, file);
    assert.ok(segments.length > 0);
    assert.ok(segments.every(({ speaker }) => speaker === 'Right'));
  });

  it('is refused for a mono file, saying what to do', async () => {
    await assert.rejects(diarized({}, wavOf(piece(0, 5))), (error) => {
      assert.ok(error instanceof BadRequestError, String(error));
      assert.equal(error.param, 'channels');
      assert.match(error.message, /two channels.*Leave 'channels' out/);
      return true;
    });
  });

  it('needs no speaker model', async () => {
    await diarized();
    const health = JSON.parse((await rawRequest(`${server.url}/health`)).body);
    const busy = health.engines.filter(
      ({ role, state }: { role: string; state: string }) => role !== 'speech' && state !== 'idle',
    );
    assert.deepEqual(busy, []);
  });
});
