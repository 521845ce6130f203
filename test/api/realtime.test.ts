import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import wavefile from 'wavefile';
import { fixturePcm } from '../support/fixture-pcm.js';
import { connectRealtime, type RealtimeClient, soundAt } from '../support/realtime-client.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';
import { dataUrl, voiceSample, wavOf } from '../support/voices.js';

const TRANSCRIPTION = 'conversation.item.input_audio_transcription';
/** "We spent less on travel and a little more on electricity.", 4.6 s. */
const sentence = () => fixturePcm('two-speakers-clean').subarray(0, 4.6 * 16_000);
const silence = (seconds: number) => new Int16Array(16_000 * seconds);
const ELECTRICITY = /^We spent less on travel,? and a little more on electricity\.$/i;

describe('realtime transcription', () => {
  let server: TestServer;
  let client: RealtimeClient;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server?.close());

  const connect = async (options: Parameters<typeof connectRealtime>[1] = {}) => {
    client = await connectRealtime(server.url, options);
    return client;
  };
  const update = async (input: object, rest: object = {}) => {
    client.send({
      type: 'session.update',
      session: { type: 'transcription', audio: { input }, ...rest },
    });
    return (await client.next('session.updated')).session;
  };
  const textOf = (all: RealtimeClient) =>
    all
      .all(`${TRANSCRIPTION}.completed`)
      .map(({ transcript }) => transcript)
      .filter((text) => text !== '')
      .join(' ');

  it('transcribes a session that says nothing about itself, utterance by utterance', async () => {
    await connect();
    const { session } = await client.next('session.created');
    const { id, expires_at: expiresAt, ...rest } = session;
    assert.match(id, /^sess_\w+$/);
    assert.ok(Math.abs(expiresAt - Date.now() / 1000 - 3600) < 30);
    assert.deepEqual(rest, {
      type: 'transcription',
      object: 'realtime.transcription_session',
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          transcription: null,
          noise_reduction: null,
          turn_detection: {
            type: 'server_vad',
            threshold: 0.5,
            prefix_padding_ms: 300,
            silence_duration_ms: 200,
          },
        },
      },
      include: null,
    });
    client.sendSound(soundAt(24_000, sentence()));
    client.sendSound(soundAt(24_000, silence(1)));
    const stopped = await client.next('input_audio_buffer.speech_stopped');
    await until(() => ELECTRICITY.test(textOf(client)), `it heard '${textOf(client)}'`);
    assertOrder(client, stopped.item_id);
    await client.close();
  });

  it('ends utterances where the client commits them, when turn detection is off', async () => {
    await connect();
    const transcription = { model: 'whisper-1', language: 'en' };
    const session = await update({ turn_detection: null, transcription });
    assert.equal(session.audio.input.turn_detection, null);
    assert.deepEqual(session.audio.input.transcription, transcription);
    client.sendSound(soundAt(24_000, sentence()));
    client.send({ type: 'input_audio_buffer.commit' });
    const first = await client.next(`${TRANSCRIPTION}.completed`);
    assert.match(first.transcript, ELECTRICITY);
    assert.deepEqual(first.usage, { type: 'duration', seconds: 5 });
    client.sendSound(soundAt(24_000, sentence()));
    client.send({ type: 'input_audio_buffer.clear' });
    await client.next('input_audio_buffer.cleared');
    client.sendSound(soundAt(24_000, silence(0.5)));
    client.send({ type: 'input_audio_buffer.commit' });
    const second = await client.next(`${TRANSCRIPTION}.completed`);
    assert.equal(second.transcript, '');
    const [, committed] = client.all('input_audio_buffer.committed');
    assert.equal(committed?.previous_item_id, first.item_id);
    assert.equal(committed?.item_id, second.item_id);
    assert.deepEqual(client.all('input_audio_buffer.speech_started'), []);
    await client.close();
  });

  const formats = [
    { name: 'pcm of 16 kHz', format: { type: 'audio/pcm', rate: 16_000 }, rate: 16_000 },
    { name: 'pcm of 44.1 kHz', format: { type: 'audio/pcm', rate: 44_100 }, rate: 44_100 },
    { name: 'µ-law', format: { type: 'audio/pcmu' }, rate: 8000, law: 'toMuLaw' },
    { name: 'A-law', format: { type: 'audio/pcma' }, rate: 8000, law: 'toALaw' },
  ] as const;
  for (const { name, format, rate, ...encoding } of formats)
    it(`hears ${name}, in pieces that end inside a sample`, async () => {
      await connect();
      const session = await update({ format, turn_detection: null });
      assert.deepEqual(session.audio.input.format, format);
      const bytes = soundAt(rate, sentence());
      client.sendSound('law' in encoding ? telephone(bytes, encoding.law) : bytes, 4097);
      client.send({ type: 'input_audio_buffer.commit' });
      const { transcript } = await client.next(`${TRANSCRIPTION}.completed`);
      assert.match(transcript, /^We spent less on travel,? and a little more on electricity/i);
      await client.close();
    });

  it('says who speaks, known people by their names', async () => {
    await connect();
    const session = await update({
      turn_detection: null,
      transcription: {
        model: 'gpt-4o-transcribe-diarize',
        known_speaker_names: ['Alice'],
        known_speaker_references: [dataUrl(wavOf(voiceSample('Alice')))],
      },
    });
    assert.deepEqual(session.audio.input.transcription, {
      model: 'gpt-4o-transcribe-diarize',
      known_speaker_names: ['Alice'],
    });
    const conversation = fixturePcm('two-speakers-clean').subarray(0, 17.2 * 16_000);
    client.sendSound(soundAt(24_000, conversation), 48_000);
    client.send({ type: 'input_audio_buffer.commit' });
    const { item_id: item, transcript } = await client.next(`${TRANSCRIPTION}.completed`);
    const segments = client.all(`${TRANSCRIPTION}.segment`);
    assert.deepEqual([...new Set(segments.map(({ speaker }) => speaker))].sort(), ['A', 'Alice']);
    assert.equal(segments.map(({ text }) => text.trim()).join(' '), transcript);
    for (const { item_id, content_index, id, start, end } of segments) {
      assert.deepEqual([item_id, content_index, typeof id], [item, 0, 'string']);
      assert.ok(start >= 0 && start < end && end <= 17.3, `${start} ${end}`);
    }
    await client.close();
  });

  it('tells log-probabilities that were asked for', async () => {
    await connect();
    const include = ['item.input_audio_transcription.logprobs'];
    const session = await update({ turn_detection: null }, { include });
    assert.deepEqual(session.include, include);
    client.sendSound(soundAt(24_000, sentence()));
    client.send({ type: 'input_audio_buffer.commit' });
    const { logprobs, transcript } = await client.next(`${TRANSCRIPTION}.completed`);
    const tokens = logprobs.map(({ token }: { token: string }) => token).join('');
    assert.equal(tokens.trim(), transcript);
    await client.close();
  });

  it('keeps what an update does not name, and takes away what it names as null', async () => {
    await connect();
    const transcription = { model: 'whisper-1', prompt: 'Budget', keywords: ['Kestrel'] };
    await update({ transcription, noise_reduction: { type: 'near_field' } });
    const changed = await update({
      transcription: { language: 'English', prompt: null },
      turn_detection: { type: 'server_vad', silence_duration_ms: 700 },
    });
    const { input } = changed.audio;
    const { prompt: _, ...kept } = transcription;
    assert.deepEqual(input.transcription, { ...kept, language: 'English' });
    assert.deepEqual(input.noise_reduction, { type: 'near_field' });
    assert.equal(input.turn_detection.silence_duration_ms, 700);
    assert.equal(input.turn_detection.prefix_padding_ms, 300);
    const off = await update({ transcription: null, noise_reduction: null });
    assert.deepEqual(
      [off.audio.input.transcription, off.audio.input.noise_reduction],
      [null, null],
    );
    await client.close();
  });

  it('speaks the older shape with those who do', async () => {
    await connect({ headers: { 'openai-beta': 'realtime=v1' } });
    const { session: created } = await client.next('transcription_session.created');
    assert.equal(created.input_audio_format, 'pcm16');
    client.send({
      type: 'transcription_session.update',
      session: {
        input_audio_format: 'g711_ulaw',
        input_audio_transcription: { model: 'gpt-4o-transcribe', language: 'en' },
        turn_detection: { type: 'server_vad', threshold: 0.4, create_response: true },
        input_audio_noise_reduction: { type: 'far_field' },
      },
    });
    const { session } = await client.next('transcription_session.updated');
    assert.equal(session.input_audio_format, 'g711_ulaw');
    assert.deepEqual(session.input_audio_transcription, {
      model: 'gpt-4o-transcribe',
      language: 'en',
    });
    assert.equal(session.turn_detection.threshold, 0.4);
    client.sendSound(telephone(soundAt(8000, sentence()), 'toMuLaw'));
    client.sendSound(telephone(soundAt(8000, silence(1)), 'toMuLaw'));
    await client.next('conversation.item.created');
    await client.next(`${TRANSCRIPTION}.completed`);
    assert.deepEqual(client.all('conversation.item.added'), []);
    await client.close();
  });

  for (const path of ['/realtime', '/v1/realtime?model=gpt-realtime', '/realtime?model=whisper-1'])
    it(`is there at ${path}, too`, async () => {
      await connect({ path });
      const { session } = await client.next('session.created');
      const model = new URL(path, server.url).searchParams.get('model');
      assert.deepEqual(session.audio.input.transcription, model && { model });
      await client.close();
    });

  it('goes through minutes of sound that come at once, and loses none', async () => {
    await connect();
    await update({ turn_detection: null });
    const whole = soundAt(24_000, fixturePcm('two-speakers-clean'));
    // Event for event as large as OpenAI allows: 15 MiB in base64.
    client.sendSound(Buffer.concat([whole, whole]), 11_000_000);
    client.send({ type: 'input_audio_buffer.commit' });
    let done = client.all(`${TRANSCRIPTION}.completed`).at(-1);
    await until(
      () => {
        done = client.all(`${TRANSCRIPTION}.completed`).at(-1);
        return done !== undefined;
      },
      'nothing was completed',
      { seconds: 120 },
    );
    assert.equal(done?.usage.seconds, Math.ceil((2 * whole.length) / 48_000));
    assert.equal(textOf(client).match(/less on travel/gi)?.length, 2);
    await client.close();
  });

  function assertOrder(of: RealtimeClient, item: string): void {
    const types = of.events
      .filter((event) => event.item_id === item || event.item?.id === item)
      .map(({ type }) => type.replace(`${TRANSCRIPTION}.`, '').replace(/^.*_buffer\./, ''));
    const once = types.filter((type, at) => types.indexOf(type) === at);
    // Text may come while somebody speaks.
    const others = once.filter((type) => type !== 'delta');
    assert.deepEqual(others, [
      'speech_started',
      'speech_stopped',
      'committed',
      'conversation.item.added',
      'conversation.item.done',
      'completed',
    ]);
    assert.ok(once.includes('delta'));
    const deltas = of.all(`${TRANSCRIPTION}.delta`).filter(({ item_id }) => item_id === item);
    const completed = of.all(`${TRANSCRIPTION}.completed`).find(({ item_id }) => item_id === item);
    assert.equal(deltas.map(({ delta }) => delta).join(''), completed?.transcript);
    const ids = of.events.map(({ event_id }) => event_id);
    assert.equal(new Set(ids).size, ids.length);
  }
});

function telephone(bytes: Buffer, law: 'toMuLaw' | 'toALaw'): Buffer {
  const samples = new Int16Array(new Uint8Array(bytes).buffer);
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, 8000, '16', samples);
  wav[law]();
  return Buffer.from((wav as unknown as { data: { samples: Uint8Array } }).data.samples);
}
