import assert from 'node:assert/strict';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { conversationClip, shortClip } from '../support/clips.js';
import { parseStream } from '../support/event-stream.js';
import { testFolder } from '../support/paths.js';
import {
  assertError,
  filePart,
  multipart,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { holdUpload } from '../support/slow-upload.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

// Elsewhere a folder with an open file cannot be removed.
const skip = process.platform === 'win32' && 'needs files that can be removed while they are open';

describe('a TEMP_DIR that vanishes', { skip }, () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let tempDir: string;
  let server: TestServer;
  let endpoint: string;
  before(async () => {
    folder = await testFolder();
    tempDir = join(folder.path, 'temp');
    server = await startTestServer({
      TEMP_DIR: tempDir,
      MAX_CONCURRENT_REQUESTS: '1',
      SPEAKER_HOSTS: '1',
    });
    endpoint = `${server.url}/v1/audio/transcriptions`;
  });
  after(async () => {
    await server.close();
    assert.deepEqual(await readdir(tempDir), [], 'something is left after the end');
    await folder.remove();
  });
  afterEach(async () => {
    const next = await post(shortClip());
    assert.equal(next.status, 200, next.body);
    await until(async () => {
      const { receiving, waiting, running } = await requests();
      return receiving + waiting + running === 0;
    }, 'a seat is still taken');
    assert.equal((await readdir(tempDir, { recursive: true })).length, 1);
  });

  const bodyOf = (audio: Buffer, fields: Record<string, string> = {}) =>
    multipart([filePart(audio), ...textParts({ model: 'whisper-1', ...fields })]);
  const post = (audio: Buffer, fields?: Record<string, string>) =>
    rawRequest(endpoint, { method: 'POST', ...bodyOf(audio, fields) });
  const requests = async () => JSON.parse((await rawRequest(`${server.url}/health`)).body).requests;
  const removeTempDir = () => rm(tempDir, { recursive: true });
  const uploads = async () => (await readdir(tempDir, { recursive: true })).length;
  const assertLost = (response: RawResponse): void => {
    const expected = { status: 500, code: 'storage_lost', type: 'server_error' };
    assertError(response, { ...expected, message: /vanished.*Try again.*TEMP_DIR/ });
    assert.equal(response.headers['x-should-retry'], 'true');
  };

  it('between two requests is made again', async () => {
    assert.equal((await post(shortClip())).status, 200);
    await removeTempDir();
  });

  it('in the middle of an upload is what its client hears of', async () => {
    const held = holdUpload(endpoint, bodyOf(shortClip()));
    await until(async () => (await uploads()) === 3, 'nothing of the upload is there');
    await removeTempDir();
    held.finish();
    assertLost(await held.answer);
  });

  for (const fields of [{}, { stream: 'true' }]) {
    it(`while a request waits for its turn ${JSON.stringify(fields)} is what its client hears of`, async () => {
      const first = post(conversationClip());
      await until(async () => (await requests()).running === 1, 'nothing is worked on');
      const waiting = post(shortClip(), fields);
      await until(async () => (await requests()).waiting === 1, 'nothing waits');
      await removeTempDir();
      assertLost(await waiting);
      // Its file is open: it does not need its name any more.
      assert.equal((await first).status, 200);
    });
  }

  it('in the middle of the work does no harm to what is open, with speakers and as a stream', async () => {
    const answer = post(conversationClip(), { response_format: 'diarized_json', stream: 'true' });
    await until(async () => (await requests()).running === 1, 'nothing is worked on');
    await until(async () => (await engines()).includes('busy'), 'no engine is at work');
    await removeTempDir();
    const response = await answer;
    assert.equal(response.status, 200, response.body);
    const { events } = parseStream(response.body);
    assert.equal(events.at(-1)?.type, 'transcript.text.done', response.body);
  });

  it('and is a file now is what clients hear of until it is a folder again', async () => {
    await rename(tempDir, `${tempDir}-away`);
    await writeFile(tempDir, '');
    const response = await post(shortClip());
    assert.equal(response.status, 500, response.body);
    await rm(tempDir);
    await rm(`${tempDir}-away`, { recursive: true });
  });

  const engines = async (): Promise<string[]> =>
    JSON.parse((await rawRequest(`${server.url}/health`)).body).engines.map(
      ({ state }: { state: string }) => state,
    );
});
