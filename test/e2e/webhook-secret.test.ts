import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { webhookSecret } from '#services/webhooks/secret.js';
import { testFolder } from '../support/paths.js';
import { run } from './support/run.js';

const command = (args: readonly string[], env: Record<string, string> = {}) =>
  run({
    command: process.execPath,
    args: [join(projectRoot, 'bin/whosaid'), 'keys', 'webhook-secret', ...args],
    cwd: projectRoot,
    env,
  });

it('keys webhook-secret makes another secret each time, and stores none', async () => {
  const folder = await testFolder();
  try {
    const env = { DATA_DIR: folder.path, WEBHOOK_SECRET: '' };
    const [first, second] = await Promise.all([command([], env), command([], env)]);
    for (const { code, stdout } of [first, second]) {
      assert.equal(code, 0);
      assert.match(stdout, /^whsec_[A-Za-z0-9+/]{43}=\n$/);
    }
    assert.notEqual(first.stdout, second.stdout);
    assert.deepEqual(await readdir(folder.path), []);
    // What it prints is what the setting takes.
    const shown = await command(['--show'], { WEBHOOK_SECRET: first.stdout.trim() });
    assert.deepEqual([shown.code, shown.stdout], [0, first.stdout]);
  } finally {
    await folder.remove();
  }
});

it('keys webhook-secret --show prints the one in DATA_DIR, and says where there is none', async () => {
  const folder = await testFolder();
  try {
    const env = { DATA_DIR: folder.path, WEBHOOK_SECRET: '' };
    const none = await command(['--show'], env);
    assert.deepEqual([none.code, none.stdout], [1, '']);
    assert.match(none.stderr, /^whosaid: There is no secret yet: the server makes one/);
    const secret = await webhookSecret({ configured: null, dataDir: folder.path });
    const shown = await command(['--show'], env);
    assert.deepEqual([shown.code, shown.stdout], [0, `${secret}\n`]);
  } finally {
    await folder.remove();
  }
});

it('keys webhook-secret --show says what is wrong with one that cannot be used', async () => {
  const folder = await testFolder();
  try {
    const dataDir = join(folder.path, 'data');
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'webhook-secret'), 'hunter2\n');
    const { code, stderr } = await command(['--show'], { DATA_DIR: dataDir, WEBHOOK_SECRET: '' });
    assert.equal(code, 1);
    assert.match(stderr, /^whosaid: The secret in .*webhook-secret cannot be used\. Expected what/);
    assert.doesNotMatch(stderr, /hunter2|\n\s+at /);
  } finally {
    await folder.remove();
  }
});
