import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import OpenAI, { APIError, BadRequestError, toFile } from 'openai';
import { responseFormats } from '#utils/formats/index.js';
import { scrambled } from '../support/bad-files.js';
import { conversationClip, shortClip, silence } from '../support/clips.js';
import { parseStream, postForStream, type SentEvent } from '../support/event-stream.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { makeLongWav } from '../support/long-files.js';
import { fixture, testFolder } from '../support/paths.js';
import { assertError, filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const LONG_SECONDS = 180;
/** What a WAV file claims to hold of which less than a twentieth is there: it turns out to be damaged at its end. */
const CLAIMED_SECONDS = 4000;

describe('a streamed transcription', () => {
  let server: TestServer;
  let client: OpenAI;
  let folder: { path: string; remove: () => Promise<void> };
  let long: Buffer;
  let broken: Buffer;
  before(async () => {
    folder = await testFolder();
    const path = join(folder.path, 'long.wav');
    await makeLongWav(path, fixturePcm('two-speakers-clean'), LONG_SECONDS);
    long = await readFile(path);
    broken = Buffer.from(long);
    broken.writeUInt32LE(CLAIMED_SECONDS * 32_000 + 36, 4);
    broken.writeUInt32LE(CLAIMED_SECONDS * 32_000, 40);
    // A decoder that starts cold on a busy machine is not to be hurried.
    server = await startTestServer({}, { timings: { firstEventMs: 60_000 } });
    client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
  });
  after(async () => {
    await server.close();
    await folder.remove();
  });
  afterEach(() => server.untilClean());

  const url = () => `${server.url}/v1/audio/transcriptions`;
  const bodyOf = (file: Buffer, fields: Record<string, string>) =>
    multipart([filePart(file), ...textParts({ model: 'whisper-1', ...fields })]);
  const post = (file: Buffer, fields: Record<string, string> = {}) =>
    rawRequest(url(), { method: 'POST', ...bodyOf(file, fields) });
  const stream = async (file: Buffer, fields: Record<string, string> = {}) => {
    const { status, body } = await post(file, { stream: 'true', ...fields });
    assert.equal(status, 200, body);
    const { events, isDone } = parseStream(body);
    assert.ok(isDone, '[DONE] is missing');
    assert.equal(events.filter(({ type }) => type === 'transcript.text.done').length, 1);
    return { told: events.slice(0, -1), done: events.at(-1) as SentEvent };
  };
  const typesOf = (events: readonly SentEvent[]) => [...new Set(events.map(({ type }) => type))];
  const textOf = (events: readonly SentEvent[]) => events.map(({ delta }) => delta).join('');
  const requestLine = (from: number) =>
    server.logs.slice(from).find(({ message }) => message === 'Request')?.fields;

  it('is an event stream that no proxy holds back', async () => {
    const { status, headers } = await post(shortClip(), { stream: 'true' });
    assert.equal(status, 200);
    assert.match(headers['content-type'] ?? '', /^text\/event-stream\b/);
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers['x-accel-buffering'], 'no');
    assert.match(headers['x-request-id'] as string, /^req_/);
  });

  it('is deltas that make up the text, then the text with what was used, and nothing else', async () => {
    const { told, done } = await stream(conversationClip());
    const whole = JSON.parse((await post(conversationClip())).body);
    assert.ok(told.length > 1);
    for (const event of told) assert.deepEqual(Object.keys(event), ['type', 'delta']);
    assert.deepEqual(typesOf(told), ['transcript.text.delta']);
    assert.equal(textOf(told), whole.text);
    assert.deepEqual(done, { type: 'transcript.text.done', ...whole });
  });

  for (const response_format of responseFormats.filter((format) => format !== 'diarized_json')) {
    it(`has the same events for ${response_format}`, async () => {
      const { told, done } = await stream(shortClip(), { response_format });
      assert.deepEqual(typesOf(told), ['transcript.text.delta']);
      assert.deepEqual(Object.keys(done), ['type', 'text', 'usage']);
      assert.equal(textOf(told), done.text);
    });
  }

  it('is an empty text alone for silence', async () => {
    const { told, done } = await stream(silence(2));
    assert.deepEqual(told, []);
    assert.deepEqual(done.text, '');
  });

  it('is segments with their speakers for diarized_json', async () => {
    const { told, done } = await stream(conversationClip(), { response_format: 'diarized_json' });
    assert.deepEqual(typesOf(told), ['transcript.text.segment']);
    told.forEach((segment, index) => {
      const { id, start, end } = segment;
      assert.deepEqual(Object.keys(segment), ['type', 'id', 'start', 'end', 'text', 'speaker']);
      assert.equal(id, `seg_${index}`);
      assert.ok(Number(start) < Number(end));
    });
    assert.deepEqual(typesOf(told.map(({ speaker }) => ({ type: speaker as string }))), ['A', 'B']);
    assert.equal(
      told
        .map(({ text }) => text)
        .join('')
        .trim(),
      done.text,
    );
    assert.deepEqual(Object.keys(done), ['type', 'text', 'usage']);
  });

  for (const [fields, hasLabels] of [
    [{ diarize: 'true' }, true],
    [{ model: 'whisper-1-diarize', response_format: 'vtt' }, true],
    [{ model: 'whisper-1-diarize' }, false],
  ] as [Record<string, string>, boolean][]) {
    const what = JSON.stringify(fields);
    it(`${hasLabels ? 'has' : 'has no'} labels in its last event as the answer without stream: ${what}`, async () => {
      const { told, done } = await stream(conversationClip(), fields);
      assert.deepEqual(Object.keys(told[0] ?? {}), ['type', 'delta', 'segment_id']);
      assert.equal(textOf(told), done.text);
      const segments = done.segments as { text: string; speaker: string }[] | undefined;
      assert.equal(segments !== undefined, hasLabels);
      if (segments === undefined) return;
      assert.equal(segments.map(({ text }) => text).join(' '), done.text);
      assert.deepEqual([...new Set(segments.map(({ speaker }) => speaker))], ['A', 'B']);
    });
  }

  it('has the log-probabilities of the tokens where they are asked for', async () => {
    const { told, done } = await stream(conversationClip(), { 'include[]': 'logprobs' });
    type Token = { token: string; logprob: number; bytes: number[] };
    const tokens = told.flatMap(({ logprobs }) => logprobs as Token[]);
    assert.deepEqual(done.logprobs, tokens);
    assert.equal(
      Buffer.from(tokens.flatMap(({ bytes }) => bytes))
        .toString()
        .trim(),
      done.text,
    );
    assert.ok(tokens.every(({ logprob }) => logprob <= 0 && logprob > -20));
  });

  it('begins long before the recording is worked through', async () => {
    const startMs = performance.now();
    let firstMs: number | undefined;
    let body = '';
    const { reads } = await postForStream(url(), bodyOf(long, { stream: 'true' }));
    for await (const read of reads) {
      body += read;
      if (body.includes('transcript.text.delta')) firstMs ??= performance.now() - startMs;
    }
    const allMs = performance.now() - startMs;
    const { events, isDone } = parseStream(body);
    assert.ok(isDone && events.length > 10);
    assert.ok(Number(firstMs) < allMs / 2, `the first delta came after ${firstMs} of ${allMs} ms`);
  });

  it('is logged with its status and the length of the recording', async () => {
    const from = server.logs.length;
    await stream(shortClip());
    await until(() => requestLine(from) !== undefined, 'nothing was logged');
    const { status, audioSeconds, aborted, error } = requestLine(from) ?? {};
    assert.deepEqual([status, aborted, error], [200, undefined, undefined]);
    assert.ok(Math.abs(Number(audioSeconds) - 4.6) < 0.1);
  });

  it('stops the work when the client leaves', async () => {
    const from = server.logs.length;
    const { reads, leave } = await postForStream(url(), bodyOf(long, { stream: 'true' }));
    for await (const read of reads) if (read.includes('transcript.text.delta')) break;
    leave();
    await server.untilClean();
    await until(() => requestLine(from) !== undefined, 'nothing was logged');
    const { status, aborted, audioSeconds } = requestLine(from) ?? {};
    assert.deepEqual([status, aborted, audioSeconds], [499, true, undefined]);
  });

  describe('that cannot be', () => {
    for (const [what, file, fields, expected] of [
      ['an unknown model', shortClip(), { model: 'x' }, { status: 404, code: 'model_not_found' }],
      ['a wrong field', shortClip(), { temperature: '2' }, { param: 'temperature' }],
      ['no recording', Buffer.from('hello'.repeat(500)), {}, { param: 'file' }],
      ['an empty file', Buffer.alloc(0), {}, { param: 'file' }],
      ['too short a recording', silence(0.05), {}, { param: 'file' }],
    ] as [string, Buffer, Record<string, string>, Record<string, unknown>][]) {
      it(`is an error with a status of its own: ${what}`, async () => {
        const { status = 400, code = 'invalid_value', ...rest } = expected;
        const param = status === 404 ? 'model' : null;
        assertError(await post(file, { stream: 'true', ...fields }), {
          status: Number(status),
          code: String(code),
          param,
          ...rest,
        });
      });
    }

    it('is an error with a status of its own: a damaged recording', async () => {
      const flac = await readFile(fixture('two-speakers-clean'));
      const damaged = scrambled(flac, 0.05, 1);
      assertError(await post(damaged, { stream: 'true' }), {
        status: 400,
        code: 'invalid_value',
        param: 'file',
      });
    });
  });

  describe('that breaks after it has begun', () => {
    it('ends with the error as its last event, which is logged', async () => {
      const from = server.logs.length;
      const { status, body } = await post(broken, { stream: 'true' });
      assert.equal(status, 200);
      const { events, isDone } = parseStream(body);
      assert.ok(!isDone);
      assert.ok(events.length > 1);
      assert.deepEqual(typesOf(events.slice(0, -1)), ['transcript.text.delta']);
      const last = events.at(-1) as { error: Record<string, unknown> };
      const { message, ...rest } = last.error;
      assert.match(String(message), /corrupted or unsupported/);
      assert.deepEqual(rest, {
        type: 'invalid_request_error',
        param: 'file',
        code: 'invalid_value',
      });
      await until(() => requestLine(from) !== undefined, 'nothing was logged');
      const line = requestLine(from);
      assert.deepEqual([line?.status, line?.error], [200, 'audio_corrupt']);
    });

    it('makes the SDK throw', async () => {
      const events = await client.audio.transcriptions.create({
        file: await toFile(broken, 'broken.wav'),
        model: 'whisper-1',
        stream: true,
      });
      const told: string[] = [];
      const reading = (async () => {
        for await (const { type } of events) told.push(type);
      })();
      await assert.rejects(reading, (error) => {
        assert.ok(error instanceof APIError);
        assert.equal(error.code, 'invalid_value');
        assert.equal(error.param, 'file');
        return true;
      });
      assert.ok(told.includes('transcript.text.delta') && !told.includes('transcript.text.done'));
    });
  });

  describe('of a recording that takes its time', () => {
    it('begins before it is known whether there is anything to tell', async () => {
      const hasty = await startTestServer({}, { timings: { firstEventMs: 0 } });
      const { status, body } = await rawRequest(`${hasty.url}/v1/audio/transcriptions`, {
        method: 'POST',
        ...bodyOf(Buffer.from('hello'.repeat(500)), { stream: 'true' }),
      });
      await hasty.close();
      assert.equal(status, 200);
      const { events, isDone } = parseStream(body);
      assert.ok(!isDone);
      assert.deepEqual(
        events.map(({ error }) => (error as Record<string, unknown>).param),
        ['file'],
      );
    });
  });

  describe('with the SDK', () => {
    const create = async (
      file: Buffer,
      more: Partial<OpenAI.Audio.TranscriptionCreateParamsStreaming> = {},
    ) =>
      client.audio.transcriptions.create({
        file: await toFile(file, 'a.wav'),
        model: 'gpt-4o-transcribe',
        stream: true,
        ...more,
      });

    it('is deltas and the text', async () => {
      let text = '';
      let done: OpenAI.Audio.TranscriptionTextDoneEvent | undefined;
      for await (const event of await create(conversationClip())) {
        if (event.type === 'transcript.text.delta') text += event.delta;
        if (event.type === 'transcript.text.done') done = event;
      }
      assert.match(text, /electricity/);
      assert.equal(text, done?.text);
    });

    it('is speakers with the model that is for them', async () => {
      const speakers = new Set<string>();
      const events = await create(conversationClip(), {
        model: 'gpt-4o-transcribe-diarize',
        response_format: 'diarized_json',
        chunking_strategy: 'auto',
      });
      for await (const event of events) {
        if (event.type === 'transcript.text.segment') speakers.add(event.speaker);
      }
      assert.deepEqual([...speakers], ['A', 'B']);
    });

    it('throws what is wrong with the request before there is a stream', async () => {
      await assert.rejects(create(shortClip(), { temperature: 3 }), BadRequestError);
    });
  });
});
