import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { conversationClip, shortClip } from '../support/clips.js';
import {
  filePart,
  multipart,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const KEYS = ['key-of-ann-that-is-long-enough', 'key-of-ben-that-is-long-enough'] as const;

describe('the cache of results', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ RESULT_CACHE_BYTES: '10MB', API_KEYS: KEYS.join(',') });
  });
  after(() => server.close());

  const post = (
    audio: Buffer,
    { key = KEYS[0], path = '/v1/audio/transcriptions', ...fields }: Record<string, string> = {},
  ): Promise<RawResponse> => {
    const { headers, body } = multipart([
      ...textParts({ model: 'whisper-1', ...fields }),
      filePart(audio),
    ]);
    return rawRequest(`${server.url}${path}`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${key}` },
      body,
    });
  };
  const marked = ({ headers }: RawResponse) => headers['x-whosaid-cache'];

  it('answers the same recording with the same options from what it has kept, and says so', async () => {
    const first = await post(shortClip());
    assert.equal(first.status, 200, first.body);
    assert.equal(marked(first), undefined);
    const second = await post(shortClip());
    assert.equal(marked(second), 'hit');
    assert.equal(second.body, first.body);
    // The format is no matter of the transcript.
    const subtitles = await post(shortClip(), { response_format: 'srt' });
    assert.equal(marked(subtitles), 'hit');
    assert.match(subtitles.body, /^1\n00:00:00/);
  });

  it('has nothing for other options, other audio or somebody else', async () => {
    assert.equal(marked(await post(shortClip(), { diarize: 'true' })), undefined);
    assert.equal(
      marked(
        await post(shortClip(), { chunking_strategy: '{"type":"server_vad","threshold":0.4}' }),
      ),
      undefined,
    );
    assert.equal(marked(await post(conversationClip())), undefined);
    assert.equal(marked(await post(shortClip(), { key: KEYS[1] })), undefined);
  });

  it('serves jobs, too, and they say so', async () => {
    const made = await post(conversationClip(), { path: '/v1/audio/jobs' });
    assert.equal(made.status, 202, made.body);
    const { id } = JSON.parse(made.body);
    const headers = { authorization: `Bearer ${KEYS[0]}` };
    let job: { status: string; cached: boolean } = { status: '', cached: false };
    await until(async () => {
      job = JSON.parse((await rawRequest(`${server.url}/v1/audio/jobs/${id}`, { headers })).body);
      return job.status === 'completed';
    }, 'the job is not completed');
    assert.equal(job.cached, true);
  });

  it('streams what it has kept', async () => {
    const streamed = await post(shortClip(), { stream: 'true' });
    assert.equal(marked(streamed), 'hit');
    assert.match(streamed.body, /transcript\.text\.done/);
  });
});
