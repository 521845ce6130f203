import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { silence, wholeClip } from '../support/clips.js';
import { isOfRole } from '../support/gateway-process.js';
import { childrenOf, eventually } from '../support/processes.js';
import { filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const skip = process.platform === 'linux' ? false : 'needs /proc';

describe('the limits of engines that are set', { skip }, () => {
  let server: TestServer;

  before(async () => {
    // As little memory as can be: a quarter above what the model takes.
    server = await startTestServer({ ENGINE_MEMORY_LIMIT: '1', ENGINE_STALL_SECONDS: '1' });
  });
  after(() => server?.close());

  const speechPid = () => childrenOf().find((pid) => isOfRole(pid, 'speech'));
  const transcribe = (audio: Buffer) =>
    rawRequest(`${server.url}/v1/audio/transcriptions`, {
      method: 'POST',
      ...multipart([...textParts({ model: 'whisper-1' }), filePart(audio)]),
    });
  const logged = (message: string) => server.logs.filter((line) => line.message === message);

  const isReady = async () => {
    const { body } = await rawRequest(`${server.url}/health`);
    const { engines } = JSON.parse(body) as { engines: { role: string; state: string }[] };
    return engines.every(({ role, state }) => role !== 'speech' || state === 'ready');
  };

  it('ENGINE_MEMORY_LIMIT replaces an engine that takes more than it', async () => {
    const before = speechPid();
    assert.equal((await transcribe(wholeClip())).status, 200);
    const isReplaced = () => ![undefined, before].includes(speechPid());
    await eventually('another engine is there', isReplaced, 15_000);
    assert.ok(logged('Engine host is replaced, since it has taken much memory').length > 0);
  });

  it('ENGINE_STALL_SECONDS ends an engine that gets nowhere, before its silence would', async () => {
    await eventually('the engine is ready', isReady, 15_000);
    const answer = transcribe(silence(1));
    process.kill(speechPid() as number, 'SIGSTOP');
    assert.equal((await answer).status, 200);
    const reasons = logged('Engine host ended unexpectedly').map(({ fields }) => fields.reason);
    assert.deepEqual(reasons, ['stalled']);
  });
});
