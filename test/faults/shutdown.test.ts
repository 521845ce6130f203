import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { start } from '../e2e/support/run.js';
import { shortClip } from '../support/clips.js';
import { parseStream } from '../support/event-stream.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { type GatewayProcess, isOfRole, startGatewayProcess } from '../support/gateway-process.js';
import { makeLongMp3 } from '../support/long-files.js';
import { testFolder } from '../support/paths.js';
import { childrenOf, eventually, isRunning } from '../support/processes.js';
import {
  assertError,
  filePart,
  multipart,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { holdUpload } from '../support/slow-upload.js';

// Processes are looked up in /proc.
const skip = process.platform !== 'linux' && 'there is no /proc here';
/** What the exit code and the machine's pace may add to what is measured here. */
const SLACK_MS = 1500;

describe('a server that is told to stop', { skip }, () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let gateway: GatewayProcess;
  let long: Buffer;
  before(async () => {
    folder = await testFolder();
    const path = await makeLongMp3(
      { folder: folder.path, name: 'long.mp3' },
      fixturePcm('two-speakers-clean'),
      900,
    );
    long = await readFile(path);
  });
  after(() => folder.remove());
  afterEach(() => gateway.close());

  const startGateway = async (env: Record<string, string>): Promise<void> => {
    gateway = await startGatewayProcess({ ASR_HOSTS: '1', ...env });
  };
  const requests = async () => (await gateway.health()).requests;
  const untilRequests = (expected: Record<string, number>) =>
    eventually(
      `requests are ${JSON.stringify(expected)}`,
      async () => {
        const state = await requests();
        return Object.entries(expected).every(([name, count]) => state[name] === count);
      },
      20_000,
    );
  /** Ends the gateway with a signal to all of its processes, as service managers and terminals do. */
  const stop = async (
    signal: NodeJS.Signals,
    { code, withinMs }: { code: number; withinMs: number },
  ): Promise<void> => {
    const children = gateway.children();
    assert.ok(children.length >= 2, `${children.length} children`);
    const startMs = performance.now();
    process.kill(-gateway.pid, signal);
    const ended = await gateway.ended;
    const tookMs = Math.round(performance.now() - startMs);
    assert.equal(ended.code, code, ended.stderr);
    assert.ok(tookMs <= withinMs + SLACK_MS, `ended after ${tookMs} ms`);
    await eventually('no child is left', () => !children.some(isRunning));
  };
  const assertEmpty = async () => assert.deepEqual(await readdir(gateway.tempDir), []);
  const assertStopped = (response: RawResponse): void => {
    const expected = { status: 503, code: 'server_stopping', type: 'server_error' };
    assertError(response, { ...expected, message: /is stopping.*Try again in 5 s/ });
    assert.equal(response.headers['retry-after'], '5');
    assert.equal(response.headers['x-should-retry'], 'true');
    assert.equal(response.headers.connection, 'close');
  };

  it('finishes what it is at, and what waits, and takes nothing new', async () => {
    await startGateway({ MAX_CONCURRENT_REQUESTS: '1' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const get = async (path: string): Promise<RawResponse> => {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        httpRequest(gateway.url + path, { agent }, resolve)
          .on('error', reject)
          .end();
      });
      const { statusCode = 0, headers } = response;
      return { status: statusCode, headers, body: await text(response) };
    };
    assert.equal((await get('/ready')).status, 200);
    const answers = Array.from({ length: 4 }, () => gateway.transcribe(shortClip()));
    const held = holdUpload(
      `${gateway.url}/v1/audio/transcriptions`,
      multipart([...textParts({ model: 'whisper-1' }), filePart(shortClip())]),
    );
    await untilRequests({ running: 1, waiting: 3, receiving: 1 });
    const stopped = stop('SIGTERM', { code: 0, withinMs: 20_000 });
    await eventually('it stops', () => gateway.output().includes('Stopping'));

    assertStopped(await get('/ready'));
    await assert.rejects(rawRequest(`${gateway.url}/health`), { code: 'ECONNREFUSED' });
    held.finish();
    for (const { status, body } of await Promise.all([...answers, held.answer])) {
      assert.equal(status, 200, body);
      assert.match(JSON.parse(body).text, /spent less on travel/);
    }
    await stopped;
    agent.destroy();
    await assertEmpty();
  });

  it('answers what it could not finish within the grace time, and ends in it', async () => {
    await startGateway({ SHUTDOWN_GRACE_SECONDS: '4', MAX_CONCURRENT_REQUESTS: '3' });
    const working = gateway.transcribe(long);
    const streaming = gateway.transcribe(long, { stream: 'true' });
    await untilRequests({ running: 2 });
    // The third place is for short ones.
    const waiting = gateway.transcribe(long);
    const held = holdUpload(
      `${gateway.url}/v1/audio/transcriptions`,
      multipart([filePart(shortClip())]),
    );
    await untilRequests({ running: 2, waiting: 1, receiving: 1 });

    await stop('SIGHUP', { code: 0, withinMs: 4000 });
    for (const answer of [working, waiting, held.answer]) assertStopped(await answer);
    const { status, body } = await streaming;
    assert.equal(status, 200);
    const { events, isDone } = parseStream(body);
    const { error } = events.at(-1) as unknown as { error: { code: string } };
    assert.equal(error.code, 'server_stopping');
    assert.equal(isDone, false);
    await assertEmpty();
  });

  it('ends in time and with all its children although an engine does nothing any more', async () => {
    await startGateway({ SHUTDOWN_GRACE_SECONDS: '3' });
    const working = gateway.transcribe(long);
    await untilRequests({ running: 1 });
    const [engine = 0] = gateway.children('speech');
    process.kill(engine, 'SIGSTOP');
    await stop('SIGTERM', { code: 0, withinMs: 3000 });
    assertStopped(await working);
    await assertEmpty();
  });

  it('a second time ends at once, and its children with it', async () => {
    await startGateway({});
    const working = gateway.transcribe(long);
    working.catch(() => {});
    await untilRequests({ running: 1 });
    process.kill(gateway.pid, 'SIGTERM');
    await eventually('it stops', () => gateway.output().includes('Stopping'));
    // Later than what counts as the same keypress.
    await new Promise((resolve) => setTimeout(resolve, 600));
    await stop('SIGINT', { code: 130, withinMs: 500 });
    await assert.rejects(working);
  });
});

describe('a server that is told to stop while it starts', { skip }, () => {
  it('does not go on with it, and leaves nothing', async () => {
    const folder = await testFolder();
    const data = await testFolder();
    const running = start({
      command: process.execPath,
      args: [join(projectRoot, 'bin', 'whosaid'), 'serve'],
      cwd: projectRoot,
      env: {
        PORT: '0',
        HOST: '127.0.0.1',
        TEMP_DIR: folder.path,
        DATA_DIR: data.path,
        ASR_HOSTS: '1',
      },
    });
    const pid = running.child.pid as number;
    const engines = () => childrenOf(pid).filter((child) => isOfRole(child, 'speech'));
    await eventually('an engine loads', () => engines().length > 0, 20_000);
    const children = childrenOf(pid);
    running.signalAll('SIGTERM');
    const { code, stdout, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '', 'nobody is welcome any more');
    await eventually('no child is left', () => !children.some(isRunning));
    assert.deepEqual(await readdir(folder.path), []);
    await data.remove();
    await folder.remove();
  });
});
