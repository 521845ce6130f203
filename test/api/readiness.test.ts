import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { testFolder } from '../support/paths.js';
import { childrenOf, eventually } from '../support/processes.js';
import { parseScrape } from '../support/prometheus.js';
import { assertError, rawRequest } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

// Processes are looked up in /proc.
const skip = process.platform !== 'linux' && 'there is no /proc here';

describe('a server whose engine dies', { skip }, () => {
  let models: Awaited<ReturnType<typeof testFolder>>;
  let server: TestServer;
  before(async () => {
    models = await testFolder();
    const { modelsDir } = loadSettings();
    for (const name of await readdir(modelsDir)) {
      if (!name.startsWith('.')) await symlink(join(modelsDir, name), join(models.path, name));
    }
    server = await startTestServer({ MODELS_DIR: models.path });
  });
  after(async () => {
    await server?.close();
    await models.remove();
  });

  const get = (path: string) => rawRequest(server.url + path);
  const pool = async () => {
    const { pools } = JSON.parse((await get('/health')).body);
    return pools.find(({ role }: { role: string }) => role === 'speech');
  };
  const killEngine = () => {
    const [engine = 0] = childrenOf().filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine-host-main'),
    );
    process.kill(engine, 'SIGKILL');
  };

  it('is not ready until the engine runs again, and healthy all the while', async () => {
    for (const path of ['/ready', '/v1/ready']) {
      const response = await get(path);
      assert.equal(response.status, 200);
      assert.deepEqual(JSON.parse(response.body), { status: 'ready' });
      assert.equal(response.headers['cache-control'], 'no-store');
    }
    assert.deepEqual(await pool(), {
      role: 'speech',
      model: 'moonshine-base-en',
      hosts: 1,
      usable: 1,
      queued: 0,
      retry_seconds: null,
    });
    killEngine();
    let response = await get('/ready');
    await eventually('the server says that it is not ready', async () => {
      if (response.status === 200) response = await get('/ready');
      return response.status !== 200;
    });
    assertError(response, {
      status: 503,
      code: 'not_ready',
      type: 'server_error',
      message: /moonshine-base-en/,
    });
    assert.equal(response.headers['retry-after'], '2');
    assert.equal((await get('/health')).status, 200);
    const isReady = async () => (await get('/ready')).status === 200;
    await eventually('the server is ready again', isReady, 60_000);
  });

  it('says when to ask again while its engine cannot be started, and is ready when it can', async () => {
    const model = join(models.path, 'moonshine-base-en');
    await rename(model, `${model}-away`);
    killEngine();
    let seconds: number | null = null;
    await eventually(
      'the engine could not be started',
      async () => {
        ({ retry_seconds: seconds } = await pool());
        return seconds !== null && seconds > 1;
      },
      60_000,
    );
    const response = await get('/ready');
    assertError(response, {
      status: 503,
      code: 'not_ready',
      type: 'server_error',
      message: /engines failed/,
    });
    const retrySeconds = Number(response.headers['retry-after']);
    assert.ok(retrySeconds >= 1 && retrySeconds <= (seconds ?? 0), String(retrySeconds));
    const { sum } = parseScrape((await get('/metrics')).body);
    const labels = { role: 'speech', model: 'moonshine-base-en' };
    assert.equal(sum('whosaid_engine_circuit_open', labels), 1);
    assert.ok(sum('whosaid_engine_start_failures_total', labels) >= 1);
    assert.equal(sum('whosaid_engine_losses_total', { ...labels, reason: 'ended' }), 2);
    // Whoever asks is told at the level of what it is: an answer, not a failure of the server.
    assert.ok(
      !server.logs.some(({ level, message }) => level === 'error' && /Request/.test(message)),
    );
    await rename(`${model}-away`, model);
    const isReady = async () => (await get('/ready')).status === 200;
    await eventually('the server is ready again', isReady, 60_000);
    assert.equal((await pool()).retry_seconds, null);
  });
});
