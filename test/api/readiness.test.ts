import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { childrenOf, eventually } from '../support/processes.js';
import { assertError, rawRequest } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

// Processes are looked up in /proc.
const skip = process.platform !== 'linux' && 'there is no /proc here';

describe('a server whose engine dies', { skip }, () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  const get = (path: string) => rawRequest(server.url + path);

  it('is not ready until the engine runs again, and healthy all the while', async () => {
    for (const path of ['/ready', '/v1/ready']) {
      const response = await get(path);
      assert.equal(response.status, 200);
      assert.deepEqual(JSON.parse(response.body), { status: 'ready' });
      assert.equal(response.headers['cache-control'], 'no-store');
    }
    const [engine = 0] = childrenOf().filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine-host-main'),
    );
    process.kill(engine, 'SIGKILL');
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
});
