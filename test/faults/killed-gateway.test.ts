import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { start } from '../e2e/support/run.js';
import { conversationClip, shortClip } from '../support/clips.js';
import { isOfRole, startGatewayProcess } from '../support/gateway-process.js';
import { testFolder } from '../support/paths.js';
import { childrenOf, eventually, isRunning } from '../support/processes.js';

/** Killing and watching processes is done through /proc here. */
const skip = process.platform === 'linux' ? false : 'needs /proc';

describe('a gateway that is killed', { skip }, () => {
  it('in mid-request leaves no process, and the next one removes its files and serves', async () => {
    const gateway = await startGatewayProcess();
    const lost = gateway.transcribe(conversationClip(), { response_format: 'diarized_json' });
    lost.catch(() => {});
    await eventually(
      'it is at work',
      async () => (await gateway.health()).requests.running === 1,
      15_000,
    );
    await eventually('the upload is there', async () => (await uploads(gateway.tempDir)) > 0);
    const children = gateway.children();
    assert.ok(children.length >= 3, `${children.length} children`);
    gateway.signal('SIGKILL');
    assert.equal((await gateway.ended).signal, 'SIGKILL');
    await assert.rejects(lost);
    await eventually('no child is left', () => !children.some(isRunning), 15_000);
    assert.ok((await uploads(gateway.tempDir)) > 0, 'the upload was left behind');

    const next = await startGatewayProcess({ TEMP_DIR: gateway.tempDir });
    try {
      assert.equal(await uploads(gateway.tempDir), 0);
      const answer = await next.transcribe(shortClip());
      assert.equal(answer.status, 200, answer.body);
    } finally {
      await next.close();
    }
    await gateway.close();
  });
});

describe('a gateway whose engine is killed while it starts', { skip }, () => {
  it('starts all the same', async () => {
    const folder = await testFolder();
    const running = start({
      command: process.execPath,
      args: [join(projectRoot, 'bin', 'whosaid'), 'serve'],
      cwd: projectRoot,
      env: {
        PORT: '0',
        HOST: '127.0.0.1',
        TEMP_DIR: folder.path,
        DATA_DIR: folder.path,
        ASR_HOSTS: '1',
      },
    });
    const pid = running.child.pid as number;
    const ready = running.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
    ready.catch(() => {});
    let victim: number | undefined;
    await eventually(
      'the engine loads',
      () => {
        victim = childrenOf(pid).find((child) => isOfRole(child, 'speech'));
        return victim !== undefined;
      },
      15_000,
    );
    process.kill(victim as number, 'SIGKILL');
    await ready;
    assert.ok(!isRunning(victim as number));
    running.child.kill('SIGTERM');
    assert.equal((await running.ended).code, 0);
    await folder.remove();
  });
});

/** Files and folders of requests. */
async function uploads(tempDir: string): Promise<number> {
  const paths = await readdir(tempDir, { recursive: true });
  return paths.filter((path) => path.includes('/')).length;
}
