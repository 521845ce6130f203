import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { run } from './support/run.js';

const newKey = (...args: string[]) =>
  run({
    command: process.execPath,
    args: [join(projectRoot, 'bin/whosaid'), 'keys', 'new', ...args],
    cwd: projectRoot,
    env: {},
  });

it('keys new makes another key each time, with the line for the file of keys beside it', async () => {
  const [first, second] = await Promise.all([newKey('alice'), newKey()]);
  assert.notEqual(first.stdout, second.stdout);
  for (const [{ code, stdout, stderr }, comment] of [
    [first, '  # alice'],
    [second, ''],
  ] as const) {
    assert.equal(code, 0);
    assert.match(stdout, /^sk-[\w-]{43}\n$/);
    const hash = createHash('sha256').update(stdout.trim()).digest('hex');
    assert.equal(stderr, `${hash}${comment}\n`);
  }
});
