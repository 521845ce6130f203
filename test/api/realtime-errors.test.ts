import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { connectRealtime, type RealtimeClient, soundAt } from '../support/realtime-client.js';
import { startTestServer, type TestServer } from '../support/start-server.js';
import { dataUrl } from '../support/voices.js';

/** What a client is told about something wrong, besides the sentence. */
type Expected = { code: string; param: string | null; message: RegExp; type?: string };

describe('wrong events of a realtime session', () => {
  let server: TestServer;
  let client: RealtimeClient;
  before(async () => {
    server = await startTestServer({ ENABLE_SPEAKER_DIARIZATION: 'never' });
    client = await connectRealtime(server.url);
    await client.next('session.created');
  });
  after(async () => {
    await client?.close();
    await server?.close();
  });

  const errorFor = async (message: string | Buffer | object): Promise<void> => {
    const isRaw = typeof message === 'string' || Buffer.isBuffer(message);
    client.socket.send(isRaw ? message : JSON.stringify(message));
  };
  const assertTold = async (expected: Expected, eventId: string | null = null) => {
    const { type, event_id: id, error } = await client.next('error');
    assert.equal(type, 'error');
    assert.match(id, /^event_/);
    const { message, ...rest } = error;
    assert.deepEqual(rest, {
      type: expected.type ?? 'invalid_request_error',
      code: expected.code,
      param: expected.param,
      event_id: eventId,
    });
    assert.match(message, expected.message);
    assert.doesNotMatch(message, /\{\w+\}/);
  };

  const raw: [string, string | Buffer, Expected][] = [
    ['is no JSON', '{"type":', { code: 'invalid_json', param: null, message: /broken JSON/ }],
    ['is no object', '[1]', { code: 'invalid_json', param: null, message: /no object/ }],
    [
      'is nested without end',
      '['.repeat(1_000_000),
      { code: 'invalid_json', param: null, message: /too deeply/ },
    ],
    [
      'is a binary frame',
      Buffer.from('{"type":"input_audio_buffer.clear"}'),
      { code: 'invalid_event', param: null, message: /binary frame.*base64/ },
    ],
    ['has no type', '{}', { code: 'invalid_event', param: null, message: /'type'/ }],
  ];
  for (const [name, message, expected] of raw)
    it(`are told of what ${name}, and the session goes on`, async () => {
      await errorFor(message);
      await assertTold(expected);
      client.send({ type: 'input_audio_buffer.clear' });
      await client.next('input_audio_buffer.cleared');
    });

  const input = (fields: object) => ({
    type: 'session.update',
    session: { type: 'transcription', audio: { input: fields } },
  });
  const path = 'session.audio.input';
  const wrong: [string, object, Expected][] = [
    [
      'a type that there is not',
      { type: 'response.create' },
      { code: 'invalid_value', param: 'type', message: /session\.update.*transcribes only/ },
    ],
    [
      'a field that the event does not have',
      { type: 'input_audio_buffer.commit', item: 1 },
      { code: 'unknown_parameter', param: 'item', message: /Unknown parameter: 'item'/ },
    ],
    [
      'sound that is no base64',
      { type: 'input_audio_buffer.append', audio: 'not base64!' },
      { code: 'invalid_value', param: 'audio', message: /base64/ },
    ],
    [
      'an append without sound',
      { type: 'input_audio_buffer.append' },
      { code: 'invalid_value', param: 'audio', message: /received nothing/ },
    ],
    [
      'a commit of nothing',
      { type: 'input_audio_buffer.commit' },
      { code: 'input_audio_buffer_commit_empty', param: null, message: /100 ms.*received 0 ms/ },
    ],
    [
      'a session for conversations',
      { type: 'session.update', session: { type: 'realtime' } },
      { code: 'invalid_value', param: 'session.type', message: /'transcription'/ },
    ],
    [
      'a field that sessions do not have',
      { type: 'session.update', session: { voice: 'alloy' } },
      { code: 'unknown_parameter', param: 'session.voice', message: /Known here: .*audio/ },
    ],
    [
      'a format that there is not',
      input({ format: { type: 'audio/mp3' } }),
      { code: 'invalid_value', param: `${path}.format.type`, message: /audio\/pcmu/ },
    ],
    [
      'a rate that nothing has',
      input({ format: { type: 'audio/pcm', rate: 23_999 } }),
      { code: 'invalid_value', param: `${path}.format.rate`, message: /16000.*received 23999/ },
    ],
    [
      'a threshold beyond certainty',
      input({ turn_detection: { type: 'server_vad', threshold: 2 } }),
      { code: 'invalid_value', param: `${path}.turn_detection.threshold`, message: /from 0 to 1/ },
    ],
    [
      'an unknown field of transcription',
      input({ transcription: { temperature: 0 } }),
      { code: 'unknown_parameter', param: `${path}.transcription.temperature`, message: /model/ },
    ],
    [
      'a model that there is not',
      input({ transcription: { model: 'nothing-like-it' } }),
      { code: 'model_not_found', param: `${path}.transcription.model`, message: /models pull/ },
    ],
    [
      'a language that is none',
      input({ transcription: { language: 'klingon' } }),
      { code: 'invalid_value', param: `${path}.transcription.language`, message: /ISO 639-1/ },
    ],
    [
      'a language that no installed model knows',
      input({ transcription: { model: 'moonshine-base-en', language: 'sw' } }),
      {
        code: 'unsupported_value',
        param: `${path}.transcription.language`,
        message: /does not know Swahili; it knows English\. .*model=/i,
      },
    ],
    [
      'speakers where there are none',
      input({ transcription: { model: 'gpt-4o-transcribe-diarize' } }),
      {
        code: 'unsupported_value',
        param: `${path}.transcription.model`,
        message: /ENABLE_SPEAKER_DIARIZATION=never/,
      },
    ],
    [
      'something to include that there is not',
      { type: 'session.update', session: { include: ['everything'] } },
      { code: 'invalid_value', param: 'session.include', message: /logprobs/ },
    ],
    [
      'a field of the older shape',
      { type: 'transcription_session.update', session: { input_audio_format: 'mp3' } },
      { code: 'invalid_value', param: 'session.input_audio_format', message: /pcm16/ },
    ],
    [
      'a model in the older shape',
      {
        type: 'transcription_session.update',
        session: { input_audio_transcription: { model: 'nothing-like-it' } },
      },
      {
        code: 'model_not_found',
        param: 'session.input_audio_transcription.model',
        message: /models pull/,
      },
    ],
  ];
  for (const [name, event, expected] of wrong)
    it(`are told of ${name}, with the event's own id`, async () => {
      await errorFor({ event_id: 'mine-1', ...event });
      await assertTold(expected, 'mine-1');
    });

  it('change nothing: the session is as it was', async () => {
    client.send({ type: 'session.update', session: {} });
    const { session } = await client.next('session.updated');
    assert.equal(session.audio.input.transcription, null);
    assert.deepEqual(session.audio.input.format, { type: 'audio/pcm', rate: 24_000 });
  });

  it('are counted, and nothing of them is logged', async () => {
    const page = await (await fetch(`${server.url}/metrics`)).text();
    assert.match(page, /whosaid_realtime_errors_total\{error="realtime_json_invalid"\} 3/);
    assert.doesNotMatch(JSON.stringify(server.logs), /klingon|nothing-like-it|not base64!/);
  });
});

describe('known voices of a realtime session', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server?.close());

  it('that are no voices are refused by their number, and leave nothing on the disk', async () => {
    const client = await connectRealtime(server.url);
    const transcription = {
      known_speaker_names: ['Alice'],
      known_speaker_references: [dataUrl(Buffer.from('no sound'))],
    };
    client.send({ type: 'session.update', session: { audio: { input: { transcription } } } });
    const { error } = await client.next('error');
    assert.equal(error.param, 'session.audio.input.transcription.known_speaker_references');
    assert.match(error.message, /Number 1 .*cannot be decoded/);
    await server.untilClean();
    client.sendSound(soundAt(24_000, new Int16Array(16_000)));
    await client.close();
  });
});
