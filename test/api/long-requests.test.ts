import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { shortClip } from '../support/clips.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { makeLongMp3 } from '../support/long-files.js';
import { testFolder } from '../support/paths.js';
import { childrenOf, eventually, isRunning } from '../support/processes.js';
import { filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const HOUR_SECONDS = 3600;
/** On any machine, however busy; docs/security.md says what is usual. */
const STOPPED_WITHIN_MS = 10_000;

/** Processes of ours that decode, or wait to. */
function decoders(): number[] {
  return childrenOf().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('decoder-child');
    } catch {
      return false;
    }
  });
}

// Processes are looked up in /proc.
const skip = process.platform !== 'linux' && 'there is no /proc here';

describe('a client that leaves in the middle of an hour of speech', { skip }, () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let path: string;
  let server: TestServer;
  before(async () => {
    folder = await testFolder();
    path = await makeLongMp3(
      { folder: folder.path, name: 'hour.mp3' },
      fixturePcm('two-speakers-clean'),
      HOUR_SECONDS,
    );
    server = await startTestServer({ SPEAKER_HOSTS: '1' });
    // The speaker models are loaded now, so that it is their work that is stopped later, and not their start.
    assert.equal((await transcribeClip({ response_format: 'diarized_json' })).status, 200);
  });
  after(async () => {
    await server.close();
    await folder.remove();
  });

  const transcribeClip = (fields: Record<string, string> = {}) =>
    rawRequest(`${server.url}/v1/audio/transcriptions`, {
      method: 'POST',
      ...multipart([filePart(shortClip()), ...textParts({ model: 'whisper-1', ...fields })]),
    });
  const health = async () => JSON.parse((await rawRequest(`${server.url}/health`)).body);
  const isBusy = async () =>
    (await health()).engines.some(({ state }: { state: string }) => state === 'busy');
  const isIdle = async () => {
    const { requests, engines } = await health();
    const isQuiet = engines.every(({ state }: { state: string }) => state === 'ready');
    return isQuiet && requests.running === 0 && requests.waiting === 0;
  };

  const kinds: [string, Record<string, string>][] = [
    ['who waits for a text', {}],
    ['who reads a stream', { stream: 'true' }],
    ['who wants to know who spoke', { response_format: 'diarized_json' }],
  ];
  for (const [name, fields] of kinds) {
    it(`${name} stops decoding and inference and frees the place`, async (test) => {
      // The child that was started in advance is the one that gets to decode.
      await until(() => decoders().length === 1, 'no decoder stands by');
      const [decoder = 0] = decoders();
      const leaving = new AbortController();
      const { headers, body } = multipart([
        filePart(await readFile(path)),
        ...textParts({ model: 'whisper-1', ...fields }),
      ]);
      const answer = fetch(`${server.url}/v1/audio/transcriptions`, {
        method: 'POST',
        headers,
        body: new Uint8Array(body),
        signal: leaving.signal,
      }).then((response) => response.text());
      answer.catch(() => {});
      await until(isBusy, 'no engine has begun');
      // In the thick of it.
      await pause(1500);
      assert.equal((await health()).requests.running, 1);
      assert.ok(isRunning(decoder), 'nothing is decoded');

      const leftAtMs = performance.now();
      leaving.abort();
      await eventually('the place is free and engines are idle', isIdle, STOPPED_WITHIN_MS);
      await eventually('the decoder has ended', () => !isRunning(decoder), STOPPED_WITHIN_MS);
      test.diagnostic(`stopped within ${Math.round(performance.now() - leftAtMs)} ms`);
      assert.ok(decoders().length <= 1);
      await assert.rejects(answer);
      await server.untilClean();
    });
  }

  it('is followed by others who are served as if nothing had happened', async () => {
    const response = await transcribeClip();
    assert.match(JSON.parse(response.body).text, /spent less on travel/);
  });
});
