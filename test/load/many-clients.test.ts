import assert from 'node:assert/strict';
import { it } from 'node:test';
import { shortClip } from '../support/clips.js';
import { filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { startTestServer, until } from '../support/start-server.js';

const CLIENTS = 50;
const IDLE = { receiving: 0, waiting: 0, running: 0 };

it(`a server with the usual limits transcribes for ${CLIENTS} clients at once, and works on eight at most`, async () => {
  const server = await startTestServer();
  const clip = multipart([filePart(shortClip()), ...textParts({ model: 'whisper-1' })]);
  const requests = async (): Promise<typeof IDLE> => {
    const { long: _, ...counts } = JSON.parse(
      (await rawRequest(`${server.url}/health`)).body,
    ).requests;
    return counts;
  };
  const answers = Array.from({ length: CLIENTS }, () =>
    rawRequest(`${server.url}/v1/audio/transcriptions`, { method: 'POST', ...clip }),
  );
  await until(async () => (await requests()).waiting > 0, 'no request had to wait');
  assert.equal((await requests()).running, 8);
  for (const response of await Promise.all(answers)) {
    assert.equal(response.status, 200, response.body);
    assert.match(JSON.parse(response.body).text, /We spent less on travel/);
  }
  assert.deepEqual(await requests(), IDLE);
  await server.close();
});
