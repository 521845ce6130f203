import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { postMadeRecording } from '../../../bench/long/post-made.js';
import { longWav, longWavBytes } from '../../../bench/support/write-wav.js';

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Endless blocks, of which the recording takes what it needs. */
function* noise(): Generator<Int16Array> {
  for (;;) yield new Int16Array(16_000).fill(7);
}

const recordingOf = (seconds: number) => ({
  bytes: longWavBytes(seconds),
  wav: () => longWav({ seconds, blocks: noise() }),
});

describe('posting a recording while it is made', () => {
  it('sends a form with all fields and the whole file, as long as it says', async (t) => {
    const url = await serve(t, async (request, response) => {
      const body = await buffer(request);
      const type = request.headers['content-type'] ?? '';
      const form = await new Response(body, { headers: { 'content-type': type } }).formData();
      const file = form.get('file') as File;
      const samples = new Int16Array(await file.slice(44).arrayBuffer());
      const fields = form.getAll('words[]');
      response.end(JSON.stringify([fields, file.name, samples.length, samples[47_999]]));
    });
    const fields = [
      ['words[]', 'one'],
      ['words[]', 'two'],
    ] as const;
    const answer = await postMadeRecording({ url, recording: recordingOf(3), fields });
    assert.equal(answer.status, 200);
    assert.deepEqual(JSON.parse(answer.body), [['one', 'two'], 'long.wav', 48_000, 7]);
    assert.ok(answer.sentFromMs < answer.sentMs && answer.sentMs <= answer.answeredMs);
  });

  it('hears an answer that comes before all is sent', async (t) => {
    const url = await serve(t, (_request, response) => {
      response.writeHead(413, { connection: 'close' }).end('too long');
    });
    const answer = await postMadeRecording({ url, recording: recordingOf(3600), fields: [] });
    assert.deepEqual([answer.status, answer.body], [413, 'too long']);
  });

  it('fails when the connection ends without an answer', async (t) => {
    const url = await serve(t, (request) => request.once('data', () => request.socket.destroy()));
    const posted = postMadeRecording({ url, recording: recordingOf(3600), fields: [] });
    await assert.rejects(posted, /ECONNRESET|EPIPE|socket hang up/);
  });
});
