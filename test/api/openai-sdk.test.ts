import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import OpenAI, {
  APIConnectionError,
  APIError,
  APIUserAbortError,
  BadRequestError,
  NotFoundError,
  toFile,
} from 'openai';
import { parseSync } from 'subtitle';
import { conversationClip, shortClip, silence } from '../support/clips.js';
import { fixture, testFolder } from '../support/paths.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

// A pause in the middle may end the sentence there.
const SENTENCE = /We spent less on travel\W+and a little more on electricity/i;

describe('the official SDK', () => {
  let server: TestServer;
  let client: OpenAI;
  let folder: Awaited<ReturnType<typeof testFolder>>;
  before(async () => {
    folder = await testFolder();
    server = await startTestServer();
    client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
  });
  after(async () => {
    await server.close();
    await folder.remove();
  });
  afterEach(() => server.untilClean());

  const clip = () => toFile(shortClip(), 'clip.wav');
  const transcriptions = () => client.audio.transcriptions;

  describe('sends the recording', () => {
    it('with toFile and a name', async () => {
      const { text } = await transcriptions().create({ file: await clip(), model: 'whisper-1' });
      assert.match(text, SENTENCE);
    });

    it('with toFile and no name', async () => {
      const file = await toFile(shortClip());
      const { text } = await transcriptions().create({ file, model: 'gpt-4o-transcribe' });
      assert.match(text, SENTENCE);
    });

    it('with createReadStream, chunked, the file before the model', async () => {
      const path = join(folder.path, 'Aufnahme ä ☃.wav');
      await writeFile(path, shortClip());
      const file = createReadStream(path);
      const { text } = await transcriptions().create({ file, model: 'gpt-4o-mini-transcribe' });
      assert.match(text, SENTENCE);
    });

    it('with a base URL without /v1 and the id of a model of ours', async () => {
      const direct = new OpenAI({ baseURL: server.url, apiKey: 'any', maxRetries: 0 });
      const { text } = await direct.audio.transcriptions.create({
        file: await clip(),
        model: 'moonshine-base-en',
      });
      assert.match(text, SENTENCE);
    });
  });

  describe('gets', () => {
    const clipSeconds = 17.2;
    let turns: { text: string; start: number }[] = [];
    before(async () => {
      const reference = JSON.parse(await readFile(fixture('two-speakers-clean', 'json'), 'utf8'));
      turns = reference.turns.slice(0, 4);
    });
    const whole = async () => ({
      file: await toFile(conversationClip(), 'conversation.wav'),
      model: 'whisper-1',
      language: 'en',
    });
    const verbose = async (timestamp_granularities?: ('word' | 'segment')[]) =>
      transcriptions().create({
        ...(await whole()),
        response_format: 'verbose_json',
        ...(timestamp_granularities && { timestamp_granularities }),
      });

    it('json with the text and the usage, nothing else', async () => {
      const transcription = await transcriptions().create(await whole());
      assert.deepEqual(Object.keys(transcription), ['text', 'usage']);
      assert.match(transcription.text, SENTENCE);
      assert.deepEqual(transcription.usage, { type: 'duration', seconds: 18 });
    });

    it('text as a string', async () => {
      const text = await transcriptions().create({ ...(await whole()), response_format: 'text' });
      assert.ok(typeof text === 'string');
      assert.match(text, SENTENCE);
      assert.doesNotMatch(text, /[{}]/);
    });

    it('srt and vtt as strings that a parser reads, within the recording and in order', async () => {
      for (const format of ['srt', 'vtt'] as const) {
        const body = await transcriptions().create({ ...(await whole()), response_format: format });
        assert.ok(typeof body === 'string');
        const cues = parseSync(body).flatMap((node) => (node.type === 'cue' ? [node.data] : []));
        assert.ok(cues.length >= turns.length);
        cues.forEach((cue, index) => {
          assert.ok(cue.start < cue.end && cue.end <= clipSeconds * 1000);
          assert.ok(cue.start >= (cues[index - 1]?.end ?? 0));
          assert.ok(cue.text.length <= 84 && cue.end - cue.start <= 7000, cue.text);
        });
      }
    });

    it('verbose_json with segments of ten fields each, all numbers finite', async () => {
      const transcription = await verbose();
      assert.deepEqual(Object.keys(transcription), [
        'task',
        'language',
        'duration',
        'text',
        'segments',
        'usage',
      ]);
      assert.equal(transcription.language, 'english');
      assert.ok(Math.abs(transcription.duration - clipSeconds) < 0.05);
      const segments = transcription.segments ?? [];
      assert.ok(segments.length > 0);
      segments.forEach((segment, index) => {
        const { tokens, text, ...numbers } = segment;
        assert.equal(Object.keys(segment).length, 10);
        assert.equal(segment.id, index);
        assert.ok(text.startsWith(' ') && tokens.every(Number.isInteger));
        for (const [name, value] of Object.entries(numbers))
          assert.ok(Number.isFinite(value), name);
      });
      assert.equal(
        segments
          .map(({ text }) => text)
          .join('')
          .trim(),
        transcription.text,
      );
    });

    it('verbose_json with words alone when words are asked for', async () => {
      const transcription = await verbose(['word']);
      assert.equal(transcription.segments, undefined);
      const words = transcription.words ?? [];
      assert.equal(words.map(({ word }) => word).join(' '), transcription.text);
      words.forEach(({ start, end }, index) => {
        assert.ok(start <= end && start >= (words[index - 1]?.start ?? 0));
      });
      assert.ok(Math.abs((words[0]?.start ?? 99) - (turns[0]?.start ?? 0)) < 0.3);
    });

    it('verbose_json with both when both are asked for', async () => {
      const transcription = await verbose(['word', 'segment']);
      assert.ok(transcription.segments?.length && transcription.words?.length);
    });

    it('an empty text for silence', async () => {
      const { text, usage } = await transcriptions().create({
        file: await toFile(silence(3), 'silence.wav'),
        model: 'whisper-1',
      });
      assert.equal(text, '');
      assert.deepEqual(usage, { type: 'duration', seconds: 3 });
    });
  });

  it('lists and retrieves models', async () => {
    const ids: string[] = [];
    for await (const model of client.models.list()) {
      assert.equal(model.object, 'model');
      assert.ok(Number.isInteger(model.created) && model.owned_by);
      ids.push(model.id);
    }
    assert.ok(ids.includes('whisper-1') && ids.includes('moonshine-base-en'));
    assert.ok(!ids.includes('silero-vad'), 'a model that is no recogniser is listed');
    assert.equal((await client.models.retrieve('whisper-1')).id, 'whisper-1');
    await assert.rejects(client.models.retrieve('org/name'), (error) => {
      assert.ok(error instanceof NotFoundError);
      assert.match(error.message, /org\/name/);
      return true;
    });
  });

  describe('throws', () => {
    it('BadRequestError with code, param and request id for a wrong field', async () => {
      const promise = transcriptions().create({
        file: await clip(),
        model: 'whisper-1',
        timestamp_granularities: ['word'],
      });
      await assert.rejects(promise, (error) => {
        assert.ok(error instanceof BadRequestError);
        assert.equal(error.code, 'invalid_value');
        assert.equal(error.param, 'timestamp_granularities');
        assert.equal(error.type, 'invalid_request_error');
        assert.match(error.requestID ?? '', /^req_/);
        return true;
      });
    });

    it('NotFoundError for an unknown model', async () => {
      const promise = transcriptions().create({ file: await clip(), model: 'nobody/nothing' });
      await assert.rejects(promise, (error) => {
        assert.ok(error instanceof NotFoundError);
        assert.equal(error.code, 'model_not_found');
        return true;
      });
    });

    it('APIError with status 413 for an upload that is too large', async () => {
      const small = await startTestServer({ MAX_UPLOAD_BYTES: '100000' });
      try {
        const path = join(folder.path, 'large.wav');
        await writeFile(path, Buffer.concat([shortClip(), Buffer.alloc(30_000_000)]));
        const limited = new OpenAI({ baseURL: `${small.url}/v1`, apiKey: 'any', maxRetries: 0 });
        for (const file of [await toFile(await readFile(path), 'a.wav'), createReadStream(path)]) {
          const promise = limited.audio.transcriptions.create({ file, model: 'whisper-1' });
          await assert.rejects(promise, (error) => {
            assert.ok(error instanceof APIError && !(error instanceof APIConnectionError));
            assert.equal(error.status, 413);
            assert.equal(error.code, 'upload_too_large');
            return true;
          });
          await small.untilClean();
        }
      } finally {
        await small.close();
      }
    });

    it('APIUserAbortError when it gives up, and the server stops the work', async () => {
      const controller = new AbortController();
      const from = server.logs.length;
      const promise = transcriptions().create(
        { file: createReadStream(fixture('two-speakers-clean')), model: 'whisper-1' },
        { signal: controller.signal },
      );
      await until(async () => (await server.leftovers()).length > 1, 'no upload had begun');
      controller.abort();
      await assert.rejects(promise, APIUserAbortError);
      await server.untilClean();
      await until(
        () => server.logs.slice(from).some(({ fields }) => fields.aborted),
        'the log does not say that the client left',
      );
    });
  });
});
