import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { openKeyFile } from '#src/access/key-file.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from '../support/paths.js';
import { run } from './support/run.js';

const newKey = (...args: string[]) =>
  run({
    command: process.execPath,
    args: [join(projectRoot, 'bin/whosaid'), 'keys', 'new', ...args],
    cwd: projectRoot,
    env: {},
  });

const hashOf = (key: string) => createHash('sha256').update(key.trim()).digest('hex');

it('keys new makes another key each time, with the line for the file of keys beside it', async () => {
  const [first, second] = await Promise.all([newKey('alice'), newKey()]);
  assert.notEqual(first.stdout, second.stdout);
  for (const [{ code, stdout, stderr }, comment] of [
    [first, '  # alice'],
    [second, ''],
  ] as const) {
    assert.equal(code, 0);
    assert.match(stdout, /^sk-[\w-]{43}\n$/);
    assert.equal(stderr, `${hashOf(stdout)}${comment}\n`);
  }
});

it('keys new --hash-file makes a file for its owner alone, and adds a line to one that is there', async () => {
  const folder = await testFolder();
  try {
    const path = join(folder.path, 'keys.txt');
    const hashes = async () => {
      const file = await openKeyFile({ path, logger: silentLogger });
      file.close();
      return file.hashes().map((hash) => hash.toString('hex'));
    };
    const first = await newKey('alice', '--hash-file', path);
    assert.equal(first.code, 0, first.stderr);
    assert.doesNotMatch(first.stderr, /[0-9a-f]{64}/);
    assert.deepEqual(await hashes(), [hashOf(first.stdout)]);
    assert.match(await readFile(path, 'utf8'), /^[0-9a-f]{64} {2}# alice\n$/);
    if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o600);
    await writeFile(path, (await readFile(path, 'utf8')).trimEnd());
    const second = await newKey('--hash-file', path);
    assert.deepEqual(await hashes(), [hashOf(first.stdout), hashOf(second.stdout)]);
  } finally {
    await folder.remove();
  }
});

it('keys new shows no key when its hash cannot be kept', async () => {
  const folder = await testFolder();
  try {
    const { code, stdout, stderr } = await newKey('--hash-file', join(folder.path, 'no/keys.txt'));
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /keys\.txt cannot be written to \(ENOENT\)/);
  } finally {
    await folder.remove();
  }
});
